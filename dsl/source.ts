/** A YAML file read with the place of every value. Strict: what YAML would silently reinterpret is an error. */
import type { Json, Place } from './plan.ts';
import { type Complaint, excerpt, type Problem } from './problem.ts';
import { readYaml } from './yaml.ts';
import type { Mark } from './yaml-tree.ts';

export type Path = readonly (string | number)[];

export interface Source {
  file: string;
  text: string;
  value: Json;
  /** Place of a value; of the nearest thing around it when it is not there. */
  at(path: Path): Place;
  /** Place of a field's name; of its value in a list. */
  atKey(path: Path): Place;
  /** Place of the character at `index` of a text value. */
  inside(path: Path, index: number): Place;
  /** The line as written. */
  line(number: number): string;
  /** Whether a comment ends the line of this value. */
  commented(path: Path): boolean;
  problem(place: Place, complaint: Complaint): Problem;
}

/** At most this much text is parsed, bytes. A runbook of 500 steps has about 60 KiB. */
export const MAX_BYTES = 1024 * 1024;

/** Places of one text. `lines` are those of the file, `offsets` those of the text that could be parsed. */
function places(file: string, text: string) {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const line = (number: number) => lines[number - 1] ?? '';
  const place = (row: number, column: number): Place => {
    const inFile = Math.min(Math.max(row, 1), lines.length);
    return { file, line: inFile, column: Math.min(Math.max(column, 1), line(inFile).length + 1) };
  };
  const problem = (at: Place, complaint: Complaint): Problem => ({
    code: complaint.code,
    severity: complaint.severity ?? 'error',
    place: place(at.line, at.column),
    what: complaint.what,
    found: complaint.found ?? '',
    expected: complaint.expected ?? '',
    nearest: complaint.nearest ?? [],
    remedy: complaint.remedy,
    line: excerpt(line(at.line), at.column),
  });
  return { line, place, problem };
}

/** Reads a file. Without `source` the text has no structure that could be checked further. */
export function parseSource(file: string, text: string): { source?: Source; problems: Problem[] } {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    const { place, problem } = places(file, text.slice(0, 200));
    const tooLarge = problem(place(1, 1), {
      code: 'FD1005',
      what: 'the file is too large to be a runbook or a fleet file',
      found: `${bytes} bytes`,
      expected: `at most ${MAX_BYTES} bytes`,
      remedy: 'Split it, or move what it applies into manifest files beside it',
    });
    return { problems: [tooLarge] };
  }
  const { line, place, problem } = places(file, text);
  const read = readYaml(text);
  const problems = read.complaints.map(({ line: row, column, ...complaint }) =>
    problem(place(row, column), complaint),
  );
  if (read.root === undefined) return { problems };

  const { value, mark, position } = read.root;
  const find = (path: Path): Mark => {
    let found = mark;
    for (const part of path) {
      const child = found.children.get(part);
      if (child === undefined) break;
      found = child;
    }
    return found;
  };
  const at = (offset: number): Place => {
    const { line: row, column } = position(offset);
    return place(row, column);
  };
  const source: Source = {
    file,
    text,
    value,
    at: (path) => at(find(path).from),
    atKey: (path) => {
      const found = find(path);
      return at(found.key ?? found.from);
    },
    inside: (path, index) => {
      const found = find(path);
      if (found.content === undefined) return at(found.from);
      if (found.indent === undefined) return at(found.content + index);
      const before = textAt(value, path).slice(0, index).split('\n');
      const start = at(found.content);
      return place(start.line + before.length - 1, found.indent + before.at(-1)!.length + 1);
    },
    line,
    commented: (path) => find(path).comment === true,
    problem,
  };
  return { source, problems };
}

function textAt(value: Json, path: Path): string {
  const found = path.reduce<Json | undefined>(
    (at, part) =>
      at !== null && typeof at === 'object' ? (at as Record<string | number, Json>)[part] : undefined,
    value,
  );
  return typeof found === 'string' ? found : '';
}

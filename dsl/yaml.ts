/**
 * YAML into plain JSON with offsets. Lines that YAML misreads are reported with the line quoted, then read as
 * quoted, so that one such line does not hide the other mistakes of the file.
 */
import { Lexer, LineCounter, type Node, parseDocument } from 'yaml';
import { type Complaint, shown } from './problem.ts';
import { quotedLine } from './yaml-quote.ts';
import { type Located, MAX_DEPTH, nesting, type Root, walkDocument } from './yaml-tree.ts';

/** Lines read as quoted before we give up; each costs two more readings of the text, so few of a long one. */
const repairsFor = (text: string) => (text.length > 64 * 1024 ? 2 : 50);

export function readYaml(written: string): { root?: Root; complaints: Located[] } {
  const complaints: Located[] = [];
  const text = written.replaceAll('\r\n', '\n');
  const deep = tooDeep(text);
  if (deep !== undefined) return { complaints: [deep] };
  const lines = text.split('\n');
  for (let repairs = 0; ; repairs++) {
    const current = lines.join('\n');
    const counter = new LineCounter();
    const document = parseOnce(current, counter);
    if (document === undefined) return { complaints: [...complaints, nesting(1, 1)] };
    const position = (offset: number) => {
      const { line, col } = counter.linePos(Math.min(offset, current.length));
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    };
    const first = firstMistake(document);
    if (first === undefined) {
      const walked = walkDocument(document.contents as Node | null, current, position);
      return { root: { ...walked, position }, complaints: [...complaints, ...walked.complaints] };
    }
    const { line, column } = position(first.pos[0]);
    const repaired = repairLine(lines, line, first.code);
    complaints.push({ line, column, ...misread(first.code, first.message, lines[line - 1] ?? '', repaired) });
    if (repaired === undefined || repairs >= repairsFor(text)) return { complaints };
    lines[line - 1] = repaired;
  }
}

function parseOnce(text: string, lineCounter: LineCounter) {
  try {
    // Duplicate keys are found below: the library's own check is quadratic.
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: false,
      merge: false,
      version: '1.2',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Errors and warnings alike: what YAML only warns of, it has already misread. */
function firstMistake({ errors, warnings }: NonNullable<ReturnType<typeof parseOnce>>) {
  return [...errors, ...warnings].sort((a, b) => a.pos[0] - b.pos[0])[0];
}

/** The line quoted, when that makes the parser accept the text up to and including it. */
function repairLine(lines: string[], line: number, code: string): string | undefined {
  const repaired = quotedLine(lines[line - 1] ?? '');
  if (repaired === undefined || code === 'MULTIPLE_DOCS') return undefined;
  const counter = new LineCounter();
  const attempt = [...lines.slice(0, line - 1), repaired, ...lines.slice(line)].join('\n');
  const document = parseOnce(attempt, counter);
  if (document === undefined) return undefined;
  const next = firstMistake(document);
  return next === undefined || counter.linePos(next.pos[0]).line > line ? repaired : undefined;
}

function misread(code: string, message: string, line: string, repaired: string | undefined): Complaint {
  const remedy =
    repaired === undefined
      ? 'Correct the line, or put the value in quotes'
      : `Quote the value: ${repaired.trim()}`;
  if (code === 'TAG_RESOLVE_FAILED')
    return {
      code: 'FD1002',
      what: 'YAML reads a value that starts with `!` as a tag, and drops it',
      found: shown(line.trim()),
      expected: 'no tags',
      remedy,
    };
  if (code === 'MULTIPLE_DOCS')
    return {
      code: 'FD1007',
      what: 'the file holds more than one YAML document',
      found: "'---'",
      expected: 'one document',
      remedy: 'Keep one document a file',
    };
  return {
    code: 'FD1001',
    what: `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    found: shown(line.trim()),
    expected: 'YAML 1.2',
    remedy,
  };
}

/** Brackets are counted before anything recursive sees the text. */
function tooDeep(text: string): Located | undefined {
  let depth = 0;
  let line = 1;
  let column = 1;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > MAX_DEPTH) return nesting(line, column);
    const breaks = token.split('\n').length - 1;
    line += breaks;
    column = breaks > 0 ? token.length - token.lastIndexOf('\n') : column + token.length;
  }
  return undefined;
}

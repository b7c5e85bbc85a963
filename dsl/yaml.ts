/**
 * YAML into plain JSON with offsets. Lines that YAML misreads are reported with the line quoted, then read as
 * quoted, so that one such line does not hide the other mistakes of the file.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, Lexer, LineCounter, type Node, parseDocument } from 'yaml';
import type { Json } from './plan.ts';
import type { Complaint } from './problem.ts';
import { shown } from './problem.ts';
import { quotedLine } from './yaml-quote.ts';

/** Where a value and its key stand, as offsets into the text that was parsed. */
export interface Mark {
  from: number;
  /** Offset of each character of a scalar's value is `content + index`, when that is known. */
  content?: number;
  /** Lines of a block scalar are indented by this much more than their value's. */
  indent?: number;
  /** A comment follows on the same line: it may have cut an expression. */
  comment?: boolean;
  key?: number;
  children: Map<string | number, Mark>;
}

type Located = Complaint & { line: number; column: number };
interface Root {
  value: Json;
  mark: Mark;
  position(offset: number): { line: number; column: number };
}

const MAX_DEPTH = 64;
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
      const walked = walk(document.contents as Node | null, current, position);
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

function nesting(line: number, column: number): Located {
  return {
    line,
    column,
    code: 'FD1006',
    what: 'the file is nested too deeply',
    found: `more than ${MAX_DEPTH} levels`,
    expected: `at most ${MAX_DEPTH} levels`,
    remedy: 'Flatten it',
  };
}

function walk(root: Node | null, text: string, position: Root['position']) {
  const complaints: Located[] = [];
  const complain = (offset: number, complaint: Complaint) =>
    complaints.push({ ...position(offset), ...complaint });

  function refuseExtras(node: Node): void {
    const isReference = isAlias(node) || node.anchor !== undefined;
    if (!isReference && node.tag === undefined) return;
    const from = node.range?.[0] ?? 0;
    const lineText = text.split('\n', position(from).line).at(-1) ?? '';
    const better = quotedLine(lineText);
    const remedy = `Write the value itself${better === undefined ? '' : `, or quote it if it is text: ${better.trim()}`}`;
    const found = shown(lineText.trim());
    if (isReference)
      complain(from, {
        code: 'FD1003',
        what: 'YAML anchors, aliases and merges are not part of the language',
        found,
        expected: 'every value written out',
        remedy,
      });
    else
      complain(from, {
        code: 'FD1002',
        what: 'YAML tags are not part of the language',
        found,
        expected: 'no tags',
        remedy,
      });
  }

  function read(node: Node | null, depth: number): { value: Json; mark: Mark } {
    const mark: Mark = { from: node?.range?.[0] ?? 0, children: new Map() };
    if (node === null) return { value: null, mark };
    refuseExtras(node);
    if (depth > MAX_DEPTH) {
      const { line, column, ...complaint } = nesting(1, 1);
      complain(mark.from, complaint);
      return { value: null, mark };
    }
    if (isSeq(node)) {
      const value = node.items.map((item, index) => {
        const child = read(item as Node | null, depth + 1);
        mark.children.set(index, child.mark);
        return child.value;
      });
      return { value, mark };
    }
    if (isMap(node)) return { value: readMap(node, mark, depth), mark };
    if (isScalar(node)) return { value: scalar(node.value, node, mark), mark };
    return { value: null, mark };
  }

  function readMap(node: Node, mark: Mark, depth: number): Json {
    const value: Record<string, Json> = {};
    const first = new Map<string, number>();
    for (const pair of isMap(node) ? node.items : []) {
      if (!isPair(pair)) continue;
      const key = pair.key as Node | null;
      const offset = key?.range?.[0] ?? mark.from;
      const name = isScalar(key) ? String(key.source ?? key.value ?? '') : '';
      if (!isScalar(key) || name === '' || name === '__proto__') {
        complain(offset, {
          code: 'FD1007',
          what: 'a field needs a plain name',
          found: shown(name),
          expected: 'a name',
          remedy: 'Write `name: value`',
        });
        continue;
      }
      if (name === '<<') {
        refuseMerge(offset);
        continue;
      }
      const earlier = first.get(name);
      if (earlier !== undefined)
        complain(offset, {
          code: 'FD1004',
          what: `the field '${name}' is written twice`,
          found: `also on line ${position(earlier).line}`,
          expected: 'each field once',
          remedy: 'Remove or rename one of the two',
        });
      else first.set(name, offset);
      const child = read(pair.value as Node | null, depth + 1);
      if (pair.value === null) child.mark.from = offset;
      child.mark.key = offset;
      if (earlier !== undefined) continue;
      mark.children.set(name, child.mark);
      value[name] = child.value;
    }
    return value;
  }

  function refuseMerge(offset: number): void {
    complain(offset, {
      code: 'FD1003',
      what: 'YAML anchors, aliases and merges are not part of the language',
      found: "'<<'",
      expected: 'every field written out',
      remedy: 'Write the merged fields here',
    });
  }

  function scalar(value: unknown, node: Node & { type?: string | undefined }, mark: Mark): Json {
    const end = node.range?.[1] ?? mark.from;
    mark.comment = /^[ \t]+#/.test(text.slice(end, end + 40));
    if (typeof value === 'string') {
      locateText(value, node, mark);
      return value;
    }
    if (value === null || typeof value === 'boolean') return value;
    if (
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (Number.isSafeInteger(value) || !Number.isInteger(value))
    )
      return value;
    complain(mark.from, {
      code: 'FD1007',
      what: 'a value that JSON cannot hold exactly',
      found: shown(text.slice(mark.from, end)),
      expected: 'a finite number, at most 2^53 when whole',
      remedy: `Quote it if it is text: ${quotedLine(text.slice(mark.from, end)) ?? `"${text.slice(mark.from, end)}"`}`,
    });
    return null;
  }

  /** Where the characters of a text value stand; only when they stand as they are. */
  function locateText(value: string, node: Node & { type?: string | undefined }, mark: Mark): void {
    if (node.type === 'BLOCK_LITERAL') {
      const body = text.indexOf('\n', mark.from) + 1;
      const indent = /^ */.exec(text.slice(body))![0].length;
      mark.content = body + indent;
      mark.indent = indent;
      return;
    }
    const start = mark.from + (node.type === 'PLAIN' ? 0 : 1);
    if (text.startsWith(value, start)) mark.content = start;
  }

  const { value, mark } = read(root, 0);
  return { value, mark, complaints };
}

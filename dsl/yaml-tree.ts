/** A parsed YAML document into plain JSON, with a mark for every value. Refuses what JSON or the language has not. */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { Json } from './plan.ts';
import { type Complaint, shown } from './problem.ts';
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

export type Located = Complaint & { line: number; column: number };
export interface Root {
  value: Json;
  mark: Mark;
  position(offset: number): { line: number; column: number };
}

export const MAX_DEPTH = 64;
/** Nobody mends more at once. */
const MOST = 100;

export function nesting(line: number, column: number): Located {
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

/** `position` tells line and column of an offset into `text`. */
export function walkDocument(root: Node | null, text: string, position: Root['position']) {
  const complaints: Located[] = [];
  const lines = text.split('\n');
  const complain = (offset: number, complaint: Complaint) => {
    if (complaints.length < MOST) complaints.push({ ...position(offset), ...complaint });
  };

  function refuseExtras(node: Node): void {
    const isReference = isAlias(node) || node.anchor !== undefined;
    if (!isReference && node.tag === undefined) return;
    const from = node.range?.[0] ?? 0;
    const lineText = lines[position(from).line - 1] ?? '';
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

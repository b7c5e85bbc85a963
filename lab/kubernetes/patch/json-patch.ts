/** RFC 6902 JSON Patch. */
import { StatusError } from '../status-error.ts';
import { isObject, isSame, type Json } from './json.ts';

export interface Operation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from?: string;
  value?: Json;
}

/** A real server keeps to itself what was wrong. */
function unprocessable(): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

function tokensOf(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw unprocessable();
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function child(parent: Json, token: string): Json {
  const found = Array.isArray(parent) ? parent[Number(token)] : isObject(parent) ? parent[token] : undefined;
  if (found === undefined) throw unprocessable();
  return found;
}

function read(document: Json, pointer: string): Json {
  return tokensOf(pointer).reduce((at, token) => child(at, token), document);
}

/** Sets (or, without a value, removes) what a pointer names; `insert` shifts the items of a list. */
function write(document: Json, pointer: string, value: Json | undefined, insert: boolean): Json {
  const tokens = tokensOf(pointer);
  const last = tokens.pop();
  if (last === undefined) return value ?? null;
  const parent = tokens.reduce((at, token) => child(at, token), document);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw unprocessable();
    parent.splice(index, insert ? 0 : 1, ...(value === undefined ? [] : [value]));
  } else if (!isObject(parent)) throw unprocessable();
  else if (value === undefined) delete parent[last];
  else parent[last] = value;
  return document;
}

function step(document: Json, { op, path, from = '', value = null }: Operation): Json {
  switch (op) {
    case 'add':
      return write(document, path, structuredClone(value), true);
    case 'replace':
      read(document, path);
      return write(document, path, structuredClone(value), false);
    case 'remove':
      read(document, path);
      return write(document, path, undefined, false);
    case 'move': {
      const moved = read(document, from);
      return write(write(document, from, undefined, false), path, moved, true);
    }
    case 'copy':
      return write(document, path, structuredClone(read(document, from)), true);
    case 'test':
      if (!isSame(read(document, path), value)) throw unprocessable();
      return document;
    default:
      throw unprocessable();
  }
}

export function jsonPatch(document: Json, operations: Operation[]): Json {
  return operations.reduce(step, structuredClone(document));
}

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { growing, growingLines } from '../../cli/processes/log.ts';

let root: string;
let file: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'firedrill-log-'));
  file = join(root, 'one.log');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a log is read as it grows, from where it is asked to begin', () => {
  const read = growing(file, 4);
  expect(read()).toBe('');
  writeFileSync(file, 'old\nnew');
  expect(read()).toBe('new');
  expect(read()).toBe('');
  appendFileSync(file, 'er\n');
  expect(read()).toBe('er\n');
});

test('one that became shorter was begun anew', () => {
  writeFileSync(file, 'a long first life\n');
  const read = growing(file);
  read();
  writeFileSync(file, 'second\n');
  expect(read()).toBe('second\n');
});

test('a character that is cut in two by the reading is one again', () => {
  const text = '훈련';
  const bytes = Buffer.from(text);
  writeFileSync(file, bytes.subarray(0, 4));
  const read = growing(file);
  const first = read();
  appendFileSync(file, bytes.subarray(4));
  expect(first + read()).toBe(text);
});

test('a log of any size comes whole, in pieces', () => {
  const text = 'one line of a big log\n'.repeat(60_000);
  writeFileSync(file, text);
  const read = growing(file);
  const pieces: string[] = [];
  for (let piece = read(); piece !== ''; piece = read()) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(text);
});

test('lines come whole', () => {
  const read = growingLines(file);
  writeFileSync(file, 'one\ntw');
  expect(read()).toEqual(['one']);
  appendFileSync(file, 'o\nthree\n');
  expect(read()).toEqual(['two', 'three']);
});

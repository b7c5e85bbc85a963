import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { installed } from '../../cli/temporal/executable.ts';
import type { Surroundings } from '../../cli/temporal/machine.ts';
import { wheelPath } from '../../cli/temporal/wheel.ts';

let root: string;
let machine: Surroundings;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'firedrill-cli-'));
  machine = { env: { PATH: join(root, 'bin') }, temporary: join(root, 'tmp'), home: join(root, 'home') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

test('nothing there: to be fetched', () => {
  expect(installed(machine)).toBeUndefined();
});

test('each place is looked at before the next', () => {
  const wheel = put(wheelPath(machine));
  expect(installed(machine)?.path).toBe(wheel);
  const sdk = put(join(machine.temporary, 'temporal-sdk-typescript-1.24.0'));
  expect(installed(machine)?.path).toBe(sdk);
  const onPath = put(join(root, 'bin', 'temporal'));
  expect(installed(machine)?.path).toBe(onPath);
  const named = put(join(root, 'mine'));
  const env = { ...machine.env, TEMPORAL_CLI_PATH: named };
  expect(installed({ ...machine, env })).toEqual({ path: named, source: 'TEMPORAL_CLI_PATH' });
});

test('a file that cannot be run, and a folder, are passed over', () => {
  put(join(root, 'bin', 'temporal'), 0o644);
  mkdirSync(join(machine.temporary, 'temporal-sdk-typescript-1.24.0'), { recursive: true });
  expect(installed(machine)).toBeUndefined();
});

test('a wrong TEMPORAL_CLI_PATH is said, not passed over', () => {
  const env = { ...machine.env, TEMPORAL_CLI_PATH: join(root, 'absent') };
  expect(() => installed({ ...machine, env })).toThrow('TEMPORAL_CLI_PATH');
});

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { launch, stop } from '../../cli/processes/launch.ts';
import {
  crashed,
  enlistClient,
  livingClients,
  livingRecord,
  type ProcessRecord,
  removeRecord,
  writeRecord,
} from '../../cli/processes/record.ts';
import { birth } from '../../lab/birth.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'firedrill-records-'));
  process.env['FIREDRILL_HOME'] = home;
});
afterEach(() => {
  delete process.env['FIREDRILL_HOME'];
  rmSync(home, { recursive: true, force: true });
});

function record(changes: Partial<ProcessRecord> = {}): ProcessRecord {
  return {
    name: 'lab',
    pid: process.pid,
    birth: birth(process.pid)!,
    ports: {},
    log: '/dev/null',
    command: ['lab'],
    version: 'v',
    startedAt: '2026-11-23T00:00:00.000Z',
    ...changes,
  };
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}

test('a process that lives is found again by its record', () => {
  writeRecord(record());
  expect(livingRecord('lab')).toEqual(record());
  expect(crashed('lab')).toBe(false);
});

test('a dead pid is a crash, and what was stopped on purpose is not', async () => {
  writeRecord(record({ pid: await deadPid() }));
  expect(livingRecord('lab')).toBeUndefined();
  expect(crashed('lab')).toBe(true);
  removeRecord('lab');
  expect(crashed('lab')).toBe(false);
});

test('a pid that another process got meanwhile is not ours', () => {
  writeRecord(record({ birth: `${birth(process.pid)!}0` }));
  expect(livingRecord('lab')).toBeUndefined();
});

test('half a record, or one of something else, is no record', () => {
  writeRecord(record());
  for (const content of ['{"pid":', '[]', 'null', '{"pid":"1"}']) {
    writeFileSync(join(home, 'processes', 'lab.json'), content);
    expect(livingRecord('lab')).toBeUndefined();
  }
});

test('writing leaves no draft behind', () => {
  writeRecord(record());
  writeRecord(record({ version: 'w' }));
  expect(readdirSync(join(home, 'processes'))).toEqual(['lab.json']);
});

test('a watching command counts until it leaves; a dead one does not count', async () => {
  const leave = enlistClient();
  writeFileSync(join(home, 'clients', 'dead.json'), JSON.stringify({ pid: await deadPid(), birth: 'b' }));
  expect(livingClients()).toBe(1);
  leave();
  expect(livingClients()).toBe(0);
});

test('a launched process has a session of its own, and is gone when stopped', async () => {
  const forever = 'setInterval(() => {}, 1000)';
  const launched = await launch({
    name: 'lab',
    command: [process.execPath, '-e', forever],
    env: {},
    ports: {},
    version: 'v',
  });
  expect(livingRecord('lab')?.pid).toBe(launched.pid);
  expect(() => process.kill(-launched.pid, 0)).not.toThrow();
  await stop(launched);
  expect(birth(launched.pid)).toBeUndefined();
  expect(crashed('lab')).toBe(false);
});

test('one that cannot be started says so, with its log', async () => {
  const command: [string] = [join(home, 'absent')];
  const attempt = launch({ name: 'lab', command, env: {}, ports: {}, version: 'v' });
  await expect(attempt).rejects.toMatchObject({ problems: [{ code: 'FD7011' }] });
});

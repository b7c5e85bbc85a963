import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { locked } from '../../cli/processes/lock.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'firedrill-lock-'));
  process.env['FIREDRILL_HOME'] = home;
});
afterAll(() => {
  delete process.env['FIREDRILL_HOME'];
  rmSync(home, { recursive: true, force: true });
});

test('work under one name goes one after the other, under two at once', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
  };
  await Promise.all([locked('a', work), locked('a', work), locked('a', work)]);
  expect(most).toBe(1);
  await Promise.all([locked('a', work), locked('b', work)]);
  expect(most).toBe(2);
});

test('the lock is given back when the work fails', async () => {
  const failing = locked('a', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  await expect(locked('a', async () => 'mine')).resolves.toBe('mine');
});

test('a holder that is killed leaves no lock behind, one that lives keeps it', async () => {
  const lock = new URL('../../cli/processes/lock.ts', import.meta.url).href;
  const hold = `const { locked } = await import(${JSON.stringify(lock)});
    await locked('a', async () => { console.log('held'); await new Promise((r) => setTimeout(r, 60000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', hold], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Jest's process.env is a copy: a child gets it only when told.
    env: process.env,
  });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  await expect(locked('a', async () => {}, 60)).rejects.toMatchObject({ problems: [{ code: 'FD7013' }] });
  holder.kill('SIGKILL');
  await expect(locked('a', async () => 'mine')).resolves.toBe('mine');
});

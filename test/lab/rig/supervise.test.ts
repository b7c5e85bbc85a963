import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { layout } from '../../../lab/rig/layout.ts';
import { endStale, isSupervised, readRecord, writeRecord } from '../../../lab/rig/record.ts';
import { createProcesses, type Processes, type ProcessSpec } from '../../../lab/rig/supervise.ts';

let folder: string;
let processes: Processes;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-supervise-'));
  said = [];
  processes = createProcesses(join(folder, 'logs'), {
    say: (text) => said.push(text),
    changed: () => writeRecord(layout(folder), processes.list()),
  });
});
afterEach(async () => {
  await processes.stop([processes.list().map(({ name }) => name)]);
  rmSync(folder, { recursive: true, force: true });
});

/** A process that writes its pid when it is up, and ends on SIGTERM unless it is stubborn. */
function program(name: string, { stubborn = false } = {}): ProcessSpec & { file: string } {
  const file = join(folder, `${name.replace('/', '-')}.up`);
  const code = `
    ${stubborn ? "process.on('SIGTERM', () => {});" : ''}
    console.log('hello from ${name}');
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid));
    setInterval(() => {}, 1000);`;
  return {
    name,
    file,
    program: process.execPath,
    args: ['-e', code],
    isReady: async () => existsSync(file) && readFileSync(file, 'utf8') === String(pidOf(name)),
  };
}
const pidOf = (name: string) => processes.list().find((one) => one.name === name)?.pid;

async function until(holds: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 10_000; !holds(); await sleep(20))
    if (Date.now() > endMs) throw new Error('it did not come to hold in 10 s');
}

describe('supervised processes', () => {
  it('are started when they are ready, each with a log', async () => {
    await processes.start(program('aks1/one'));
    const [one] = processes.list();
    expect(one).toMatchObject({ name: 'aks1/one', state: 'running', crashes: 0 });
    expect(readFileSync(one!.log, 'utf8')).toContain('hello from aks1/one');
  });

  it('come back when they die unasked, and stay away when they are held', async () => {
    const spec = program('one');
    await processes.start(spec);
    const first = pidOf('one')!;
    process.kill(first, 'SIGKILL');
    await until(() => pidOf('one') !== undefined && pidOf('one') !== first);
    expect(processes.list()[0]).toMatchObject({ crashes: 1, state: 'running' });
    expect(said).toEqual([expect.stringContaining('one ended by itself (SIGKILL)')]);
    await processes.hold('one');
    expect(processes.list()[0]).toMatchObject({ state: 'held', crashes: 1 });
    expect(pidOf('one')).toBeUndefined();
    await processes.release('one');
    expect(processes.list()[0]).toMatchObject({ state: 'running' });
    expect(() => processes.freeze('two')).toThrow(/there is no process two; there are: one/);
  });

  it('have made ready what they need before each of their starts, and start though that fails', async () => {
    let times = 0;
    const before = async () => {
      times += 1;
      if (times > 1) throw new Error('not this time');
    };
    await processes.start({ ...program('kwok'), before });
    await processes.hold('kwok');
    await processes.release('kwok');
    expect(times).toBe(2);
    expect(said).toEqual(['before kwok: not this time']);
    expect(processes.list()[0]).toMatchObject({ state: 'running' });
  });

  it('are frozen and thawed as they are', async () => {
    await processes.start(program('one'));
    const pid = pidOf('one')!;
    processes.freeze('one');
    const state = () => /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    await until(() => state() === 'T');
    expect(processes.list()[0]?.state).toBe('frozen');
    await processes.release('one');
    await until(() => state() !== 'T');
    expect(pidOf('one')).toBe(pid);
  });

  it('are stopped wave by wave', async () => {
    const [server, client] = [program('server'), program('client')];
    await processes.start(server);
    await processes.start(client);
    const order: string[] = [];
    const watch = setInterval(() => {
      for (const name of ['client', 'server'])
        if (pidOf(name) === undefined && !order.includes(name)) order.push(name);
    }, 5);
    await processes.stop([['client'], ['server']]);
    await sleep(20);
    clearInterval(watch);
    expect(order).toEqual(['client', 'server']);
  });
});

describe('what a killed rig left', () => {
  it('is found by its record and ended, the stubborn too; what is alive and supervised is not touched', async () => {
    await processes.start(program('etcd'));
    await processes.start(program('aks1/kwok'));
    expect(isSupervised(folder)).toBe(true);
    expect(await endStale(folder)).toEqual([]);
    // As if this process had been killed: its record names a supervisor that is no more.
    await processes.stop([['aks1/kwok']]);
    const record = readRecord(folder)!;
    writeFileSync(layout(folder).record, JSON.stringify({ ...record, birth: 'long ago' }));
    expect(isSupervised(folder)).toBe(false);
    expect(await endStale(folder)).toEqual(['etcd']);
    await until(() => pidOf('etcd') !== undefined || processes.list()[0]?.crashes === 1);
  });

  it('is not what somebody else runs under a pid of it', async () => {
    const somebody = {
      name: 'etcd',
      pid: process.pid,
      birth: 'another',
      log: '',
      crashes: 0,
      state: 'running',
    };
    writeFileSync(layout(folder).record, JSON.stringify({ pid: 1, birth: 'x', processes: [somebody] }));
    expect(await endStale(folder)).toEqual([]);
  });

  it('is nothing where no rig ever ran', async () => {
    expect(await endStale(join(folder, 'never'))).toEqual([]);
  });
});

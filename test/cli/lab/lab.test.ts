/** The commands below `lab`, and which of the two labs they mean. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { main } from '../../../cli/main.ts';
import { birth } from '../../../lab/birth.ts';
import { silent } from '../silent.ts';

let home: string;
const servers: Server[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'firedrill-lab-'));
  process.env['FIREDRILL_HOME'] = home;
});
afterEach(() => {
  delete process.env['FIREDRILL_HOME'];
  for (const server of servers.splice(0)) server.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

async function lab(...words: string[]) {
  const out = silent(words.includes('--json'));
  const code = await main(['lab', ...words], {}, out);
  return { code, said: out.printed.join('\n'), warned: out.warned.join('\n') };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

/** A control API that answers as that of `name` and keeps what it is asked. */
async function control(name: 'lab' | 'rig'): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const answers: Record<string, unknown> = { '/faults': request.method === 'POST' ? { id: 'f1' } : [] };
    response.end(JSON.stringify(answers[request.url ?? ''] ?? { of: name }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  put(join(name, 'control.url'), `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return asked;
}

/** A process that does nothing, as the rig's record knows it. */
async function sleeper(name: string) {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  children.push(child);
  await new Promise((resolve) => child.once('spawn', resolve));
  const log = join(home, 'rig', 'logs', `${name}.log`);
  return { name, pid: child.pid!, birth: birth(child.pid!), log, crashes: 0, state: 'running' };
}

function rigRecord(main: { pid: number; birth: string | undefined }, processes: object[]): void {
  put('rig/rig.json', JSON.stringify({ ...main, processes }));
}

const self = () => ({ pid: process.pid, birth: birth(process.pid) });

describe('which lab', () => {
  test('the one that is up', async () => {
    await control('rig');
    expect((await lab('status')).said).toContain('"of": "rig"');
  });

  test('both are up: it is asked which, and --tier says it', async () => {
    await control('rig');
    await control('lab');
    const { code, warned } = await lab('status');
    expect(code).toBe(64);
    expect(warned).toContain('--tier sandbox or --tier rig');
    expect((await lab('status', '--tier', 'sandbox')).said).toContain('"of": "lab"');
    expect((await lab('status', '--tier', 'rig')).said).toContain('"of": "rig"');
  });

  test('none is up: the sandbox is meant, and how to start it is said', async () => {
    const { code, warned } = await lab('status');
    expect(code).toBe(4);
    expect(warned).toContain('npx firedrill lab up --tier sandbox');
  });

  test('a tier that is none', async () => {
    const { code, warned } = await lab('down', '--tier', 'rg');
    expect(code).toBe(64);
    expect(warned).toContain('Did you mean rig');
  });
});

test('what belongs to another command is refused, all at once', async () => {
  const { code, warned } = await lab('up', 'now', '--follow', '--delayMs', '5');
  expect(code).toBe(64);
  expect(warned.match(/FD700[24]/g)).toEqual(['FD7002', 'FD7002', 'FD7004']);
  expect((await lab('stat')).warned).toContain('status');
});

describe('faults', () => {
  test('each lab lists its own', async () => {
    expect((await lab('break', '--tier', 'sandbox')).said).toContain('api-429');
    expect((await lab('break', '--tier', 'rig')).said).not.toContain('api-429');
  });

  test('one that only the sandbox has is refused on the rig, with the reason', async () => {
    const { code, warned } = await lab('break', 'api-429', 'aks1', '--tier', 'rig');
    expect(code).toBe(64);
    expect(warned).toContain('Only the sandbox has it');
    expect((await lab('break', 'partitio', 'aks1', '--tier', 'rig')).warned).toContain(
      'Did you mean partition',
    );
  });

  test('a fault is asked of the lab that is meant', async () => {
    const asked = await control('rig');
    expect((await lab('break', 'api-slow', 'k3s', '--delayMs', '500')).said).toContain(
      'npx firedrill lab mend f1 --tier rig',
    );
    expect(asked).toContain('POST /faults');
  });
});

describe('logs', () => {
  beforeEach(() => {
    const of = (name: string) => ({ name, log: join(home, 'rig', 'logs', `${name}.log`) });
    rigRecord({ pid: 1, birth: 'another boot' }, [of('etcd'), of('aks1/kube-apiserver')]);
    put('rig/logs/aks1/kube-apiserver.log', 'one\ntwo\n');
  });

  test('of the lab itself and of its processes, also when it is down', async () => {
    expect(Object.keys(JSON.parse((await lab('logs', '--tier', 'rig', '--json')).said))).toEqual([
      'rig',
      'etcd',
      'aks1/kube-apiserver',
    ]);
    expect((await lab('logs', 'aks1/kube-apiserver', '--tier', 'rig')).said).toBe('one\ntwo\n');
  });

  test('a name that is none has the nearest; a log that is not there yet is said', async () => {
    const wrong = await lab('logs', 'aks1/kube-apisever', '--tier', 'rig');
    expect(wrong.code).toBe(64);
    expect(wrong.warned).toContain('Did you mean aks1/kube-apiserver');
    expect((await lab('logs', 'etcd', '--tier', 'rig')).warned).toContain('nothing was written there yet');
    expect((await lab('logs', 'etcd', '--tier', 'sandbox')).warned).toContain('There are: lab.');
  });
});

describe('processes of the rig', () => {
  test('status lists them while it runs', async () => {
    await control('rig');
    rigRecord(self(), [await sleeper('etcd')]);
    expect((await lab('status')).said).toMatch(/^etcd +running +\d+$/m);
  });

  test('what a killed rig left is ended by down, and named', async () => {
    const left = await sleeper('aks1/kube-apiserver');
    rigRecord({ pid: 1, birth: 'another boot' }, [left]);
    const { code, said } = await lab('down', '--tier', 'rig');
    expect(code).toBe(0);
    expect(said).toContain('ended what a killed one had left: aks1/kube-apiserver');
    expect(birth(left.pid)).toBeUndefined();
  });
});

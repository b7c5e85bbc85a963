import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keptPorts } from '../../cli/processes/ports.ts';
import { answers, isFree } from '../../lab/free-ports.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'firedrill-ports-'));
  process.env['FIREDRILL_HOME'] = home;
});
afterEach(() => {
  delete process.env['FIREDRILL_HOME'];
  rmSync(home, { recursive: true, force: true });
});

async function listening<T>(port: number, work: () => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('ports are free at first, distinct, and the same ever after', async () => {
  const first = await keptPorts('temporal', ['grpc', 'ui']);
  expect(first['grpc']).not.toBe(first['ui']);
  expect(await isFree(first['grpc']!)).toBe(true);
  expect(await keptPorts('temporal', ['grpc', 'ui'])).toEqual(first);
});

test('a port that somebody else took is replaced, the others stay', async () => {
  const first = await keptPorts('temporal', ['grpc', 'ui']);
  const second = await listening(first['grpc']!, () => keptPorts('temporal', ['grpc', 'ui']));
  expect(second['grpc']).not.toBe(first['grpc']);
  expect(second['ui']).toBe(first['ui']);
});

test('a broken file of ports is as good as none', async () => {
  writeFileSync(join(home, 'ports.json'), '{');
  expect(Object.keys(await keptPorts('temporal', ['grpc']))).toEqual(['grpc']);
});

test('a port answers while somebody listens on it', async () => {
  const { grpc } = (await keptPorts('temporal', ['grpc'])) as { grpc: number };
  expect(await answers(grpc)).toBe(false);
  expect(await listening(grpc, () => answers(grpc))).toBe(true);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { CoreV1Api } from './cluster.ts';

const home = mkdtempSync(join(tmpdir(), 'firedrill-lab-'));
const main = fileURLToPath(new URL('../../../lab/main.ts', import.meta.url));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const process of started) process.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

async function start(): Promise<ChildProcess> {
  const lab = spawn(process.execPath, [main], { env: { ...process.env, FIREDRILL_HOME: home } });
  started.push(lab);
  await new Promise<void>((resolve, reject) => {
    lab.stdout?.on('data', (text) => String(text).includes('lab ready') && resolve());
    lab.once('exit', (code) => reject(new Error(`the lab ended with ${code}`)));
  });
  return lab;
}

function end(lab: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    lab.once('exit', (code) => resolve(code));
    lab.kill(signal);
  });
}

const file = (name: string) => readFileSync(join(home, 'lab', name), 'utf8').trim();

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${file('control.url')}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
}

function core(context: string): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromFile(join(home, 'lab', 'kubeconfig'));
  config.setCurrentContext(context);
  return config.makeApiClient(CoreV1Api);
}

test('the lab serves what its files say, obeys its control API, and survives a kill with ports and state', async () => {
  const first = await start();
  const addresses = [
    'kubeconfig',
    'control.url',
    'aks1.url',
    'front-door.url',
    'management.url',
    'azure.token',
  ];
  const before = addresses.map(file);
  await core('k3s').createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'kept' } } });

  expect(await ask('POST', '/faults', { kind: 'api-417', target: 'aks1' })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('known: api-429') },
  });
  const made = await ask('POST', '/faults', { kind: 'api-gone', target: 'aks2' });
  await expect(core('aks2').listNode()).rejects.toThrow();
  expect((await ask('GET', '/state')).body).toMatchObject({
    aks1: { api: 'answers' },
    aks2: { api: 'refuses' },
  });
  expect((await ask('PATCH', '/settings', { podStartMs: 10 })).body).toMatchObject({ podStartMs: 10 });
  // Longer than the pause between two writes of the state.
  await new Promise((resolve) => setTimeout(resolve, 400));

  await end(first, 'SIGKILL');
  const second = await start();
  expect(addresses.map(file)).toEqual(before);
  await expect(
    core('k3s').readNamespacedConfigMap({ namespace: 'default', name: 'kept' }),
  ).resolves.toBeDefined();
  await expect(core('aks2').listNode()).rejects.toThrow();
  expect((await ask('GET', '/settings')).body).toMatchObject({ podStartMs: 10 });
  expect((await ask('DELETE', `/faults/${made.body.id}`)).status).toBe(200);
  expect((await core('aks2').listNode()).items).toHaveLength(3);
  await expect(start()).rejects.toThrow('the lab ended with 4');
  expect(await end(second, 'SIGTERM')).toBe(0);
});

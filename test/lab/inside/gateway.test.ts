/** Requests from inside a member, over a real proxy: a virtual address leads to pods wherever they run. */
import '../karmada/realm.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFaults, type Faults } from '../../../lab/faults.ts';
import { type Inside, startInside } from '../../../lab/inside/inside.ts';
import { createStore, type MemoryStore } from '../../../lab/kubernetes/store.ts';
import { addHello, addPod } from '../edge/hello.ts';
import { addService, addSlice } from './objects.ts';

let folder: string;
let aks1: MemoryStore;
let k3s: MemoryStore;
let faults: Faults;
let inside: Inside;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-inside-'));
  [aks1, k3s] = [createStore('aks1'), createStore('k3s')];
  faults = createFaults();
  for (const store of [aks1, k3s]) addHello(store, 0);
  place(aks1, 'hello-a', '10.240.0.1');
  place(aks1, 'hello-b', '10.240.0.2');
  place(k3s, 'hello-c', '10.242.0.1');
  address = addService(k3s, 'derived-hello').spec.clusterIP;
  addSlice(k3s, 'imported-aks1-hello', 'derived-hello', ['10.240.0.1', '10.240.0.2']);
  addSlice(k3s, 'imported-k3s-hello', 'derived-hello', ['10.242.0.1']);
  inside = await startInside({ members: { aks1, k3s }, faults }, { folder });
});
afterEach(async () => {
  await inside.close();
  rmSync(folder, { recursive: true });
});

function place(store: MemoryStore, name: string, podIP: string): void {
  addPod(store, name, 'nginxdemos/hello:plain-text');
  store.update('core/pods', 'demo', name, ({ status }) => {
    status.podIP = podIP;
  });
}

function ask(member: string, target: string): Promise<{ status: number; pod: string; body: string }> {
  return new Promise((answered, failed) => {
    const proxy = { host: '127.0.0.1', port: inside.ports[member]!.proxy };
    const sent = request({ ...proxy, path: target, agent: false }, async (answer) => {
      let body = '';
      for await (const chunk of answer) body += chunk;
      answered({
        status: answer.statusCode!,
        pod: `${answer.headers['x-cluster']}/${answer.headers['x-pod']}`,
        body,
      });
    });
    sent.on('error', failed).end();
  });
}

async function podsAsked(target: string, times = 60): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: times }, () => ask('k3s', target)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  return [...new Set(answers.map(({ pod }) => pod))].toSorted();
}

test('the addresses are written where a fleet file can refer to them', () => {
  const { dns, proxy } = inside.ports.k3s!;
  expect(readFileSync(join(folder, 'k3s.dns'), 'utf8')).toBe(`127.0.0.1:${dns}`);
  expect(readFileSync(join(folder, 'k3s.inside.url'), 'utf8')).toBe(`http://127.0.0.1:${proxy}/`);
});

test('a virtual address leads to every endpoint of its slices, and only to those that are ready', async () => {
  const target = `http://${address}/`;
  // 60 draws of three miss one with a chance of 3 × (2/3)^60 = 8e-11.
  expect(await podsAsked(target)).toEqual(['aks1/hello-a', 'aks1/hello-b', 'k3s/hello-c']);
  k3s.update('discovery.k8s.io/endpointslices', 'demo', 'imported-aks1-hello', (slice) => {
    slice.endpoints[0].conditions.ready = false;
  });
  expect(await podsAsked(target)).toEqual(['aks1/hello-b', 'k3s/hello-c']);
  k3s.remove('discovery.k8s.io/endpointslices', 'demo', 'imported-aks1-hello');
  expect(await podsAsked(target)).toEqual(['k3s/hello-c']);
});

test('a virtual address is one of this member only; a pod is reached from everywhere', async () => {
  expect(await ask('aks1', `http://${address}/`)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/no route/),
  });
  expect(await ask('aks1', 'http://10.242.0.1/')).toMatchObject({ status: 200, pod: 'k3s/hello-c' });
});

test('no endpoint, another port, a pod that is gone: refused or no route, never an answer', async () => {
  expect(await ask('k3s', `http://${address}:81/`)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/refused/),
  });
  k3s.remove('discovery.k8s.io/endpointslices', 'demo', 'imported-aks1-hello');
  k3s.remove('core/pods', 'demo', 'hello-c', { gracePeriodSeconds: 0 });
  expect(await ask('k3s', `http://${address}/`)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/no route/),
  });
  k3s.remove('discovery.k8s.io/endpointslices', 'demo', 'imported-k3s-hello');
  expect(await ask('k3s', `http://${address}/`)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/refused/),
  });
  expect(await ask('k3s', '/')).toMatchObject({ status: 400 });
});

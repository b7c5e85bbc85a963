import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'undici';
import { type Edge, startEdge } from '../../../lab/edge/edge.ts';
import { createFaults, type Faults } from '../../../lab/faults.ts';
import { createStore, type MemoryStore } from '../../../lab/kubernetes/store.ts';
import { addHello, addPod, HOST, removePods } from './hello.ts';

let folder: string;
let store: MemoryStore;
let faults: Faults;
let edge: Edge;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-edge-'));
  store = createStore('aks1');
  faults = createFaults();
  addHello(store, 3);
  edge = await startEdge({ members: { aks1: store }, faults }, { folder });
});
afterEach(async () => {
  await edge.close();
  rmSync(folder, { recursive: true });
});

async function ask(headers: Record<string, string> = {}, path = '/') {
  const client = new Client(`http://127.0.0.1:${edge.ports.aks1}`, { headersTimeout: 400 });
  try {
    const answer = await client.request({ path, method: 'GET', headers: { host: HOST, ...headers } });
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
  } finally {
    await client.destroy();
  }
}

describe('ingress', () => {
  test('pods take turns, and say who they are', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(answers.map(({ headers }) => headers['x-pod']).toSorted()).toEqual([
      'hello-0',
      'hello-0',
      'hello-1',
      'hello-1',
      'hello-2',
      'hello-2',
    ]);
    const { status, headers, body } = answers[0]!;
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'x-routed-cluster': 'aks1', 'x-cluster': 'aks1', 'x-node': 'aks1-0' });
    expect(body).toMatch(/^Server name: hello-\d\nPOD_NAME=hello-\d\nNODE_NAME=aks1-0\nCLUSTER_NAME=aks1\n$/);
  });

  test('every answer says who routed it, also those of no pod', async () => {
    expect(await ask({ host: 'other.example.com' })).toMatchObject({
      status: 404,
      body: 'default backend - 404',
      headers: { 'x-routed-cluster': 'aks1' },
    });
    removePods(store);
    const empty = await ask();
    expect(empty).toMatchObject({ status: 503, headers: { 'x-routed-cluster': 'aks1' } });
    expect(empty.headers).not.toHaveProperty('x-cluster');
  });

  test('a pod that is not ready, or is ending, gets nothing', async () => {
    store.update('core/pods', 'demo', 'hello-0', (pod) => {
      pod.status.conditions[0].status = 'False';
    });
    store.remove('core/pods', 'demo', 'hello-1');
    expect(store.get('core/pods', 'demo', 'hello-1')?.metadata.deletionTimestamp).toBeDefined();
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask()));
    expect(new Set(answers.map(({ headers }) => headers['x-pod']))).toEqual(new Set(['hello-2']));
  });

  test('an Ingress of a class that the cluster does not have is not served', async () => {
    store.update('networking.k8s.io/ingresses', 'demo', 'hello', (ingress) => {
      ingress.spec.ingressClassName = 'haproxy';
    });
    expect((await ask()).status).toBe(404);
  });

  test('writes its address on the Ingress', () => {
    expect(store.get('networking.k8s.io/ingresses', 'demo', 'hello')?.status).toEqual({
      loadBalancer: { ingress: [{ ip: '127.0.0.1' }] },
    });
    expect(readFileSync(join(folder, 'aks1.url'), 'utf8')).toBe(`http://127.0.0.1:${edge.ports.aks1}/`);
  });

  test('the log tells probes from users', async () => {
    await ask();
    await ask({ 'x-fd-healthprobe': '1' });
    await ask({ 'x-fd-healthprobe': '1' });
    const sum = (kind: 'probes' | 'users') =>
      edge.log('aks1').reduce((total, second) => total + second[kind], 0);
    expect([sum('users'), sum('probes')]).toEqual([1, 2]);
    expect(() => edge.log('aks9')).toThrow(RangeError);
  });
});

describe('what the images answer', () => {
  async function answerOf(image: string, container: Record<string, unknown> = {}) {
    removePods(store);
    addPod(store, 'only', image, container);
    return ask({}, '/deep?q=1');
  }
  const bare = { volumeMounts: [] };

  test('nginxdemos/hello: its page, which names the pod and no cluster', async () => {
    const { body, headers } = await answerOf('nginxdemos/hello', bare);
    expect(headers['content-type']).toBe('text/html');
    expect(body).toContain('<span>Server&nbsp;name:</span> <span>only</span>');
    expect(body).toContain('<span>/deep?q=1</span>');
    expect(body).not.toContain('aks1');
  });

  test('plain-text, from another registry', async () => {
    const { body } = await answerOf('registry.example.com:5000/nginxdemos/hello:plain-text', bare);
    expect(body).toMatch(
      /^Server address: 10\.1\.0\.9:80\nServer name: only\nDate: \d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} \+0000\nURI: \/deep\?q=1\nRequest ID: [0-9a-f]{32}\n$/,
    );
  });

  test('http-echo: its text, with variables of the container', async () => {
    const { body, headers } = await answerOf('hashicorp/http-echo:1.0', {
      args: ['-listen=:80', '-text=POD_NAME=$(POD_NAME) CLUSTER=$(CLUSTER_NAME) $$(KEPT) $(UNKNOWN)'],
    });
    expect(body).toBe('POD_NAME=only CLUSTER=aks1 $(KEPT) $(UNKNOWN)\n');
    expect(headers).toMatchObject({ 'x-app-name': 'http-echo', 'x-routed-cluster': 'aks1' });
  });

  test('a template that nginx would refuse: nobody listens behind the ingress', async () => {
    store.update('core/configmaps', 'demo', 'hello-template', (map) => {
      map.data['default.conf.template'] = 'server { location / { return 200 "x" }';
    });
    expect((await answerOf('nginxdemos/hello')).status).toBe(502);
  });

  test('any other image: 200 without a name', async () => {
    const { status, headers } = await answerOf('example.com/app:1');
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('x-cluster');
  });
});

describe('faults of an origin', () => {
  const fault = (kind: string, options = {}) => faults.add({ kind, target: 'aks1', options });

  test('503, with its name', async () => {
    fault('origin-503');
    expect(await ask()).toMatchObject({ status: 503, headers: { 'x-routed-cluster': 'aks1' } });
  });

  test('failing without a name', async () => {
    fault('origin-no-identity');
    const { status, headers } = await ask();
    expect(status).toBe(503);
    expect(headers).not.toHaveProperty('x-routed-cluster');
  });

  test('refusing: nothing listens until it is over, then on the same port', async () => {
    const id = fault('origin-refuse');
    await expect(eventually(() => ask(), 'ECONNREFUSED')).resolves.toBe('ECONNREFUSED');
    faults.remove(id);
    await expect(eventually(() => ask(), 'answered')).resolves.toBe('answered');
  });

  test('resetting, and never answering', async () => {
    const id = fault('origin-reset');
    await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) });
    faults.remove(id);
    fault('origin-blackhole');
    await expect(ask()).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
  });

  test('slow; and a pod that ends meanwhile cuts the connection', async () => {
    fault('origin-slow', { delayMs: 150 });
    expect((await ask()).status).toBe(200);
    const pending = ask();
    setTimeout(() => removePods(store), 30);
    await expect(pending).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) });
  });
});

/** Asks until the outcome is the wanted one, at most two seconds; returns the last outcome. */
async function eventually(attempt: () => Promise<unknown>, wanted: string): Promise<string> {
  let last = '';
  for (let n = 0; n < 40 && last !== wanted; n += 1) {
    last = await attempt().then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    if (last !== wanted) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return last;
}

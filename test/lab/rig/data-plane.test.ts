/** The rig's data plane over the sandbox's API servers, which it cannot tell from real ones, and processes of paper. */
import '../karmada/realm.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Agent, request } from 'undici';
import type { MemoryStore } from '../../../lab/kubernetes/store.ts';
import { type DataPlane, startDataPlane } from '../../../lab/rig/edge/data-plane.ts';
import { type Door, openDoor } from '../../../lab/rig/edge/door.ts';
import { addHello, HOST } from '../edge/hello.ts';
import { openLab, type TestLab } from '../kubernetes/cluster.ts';

let lab: TestLab;
let store: MemoryStore;
let folder: string;
let doors: Record<string, Door>;
let plane: DataPlane;
const done: string[] = [];
/** Whether what was killed can be started again. */
let starts = true;

beforeAll(async () => {
  lab = await openLab();
  store = lab.world.members['aks1'] as MemoryStore;
  addHello(store, 2);
  folder = mkdtempSync(join(tmpdir(), 'firedrill-rig-edge-'));
  const access = (name: string) => ({
    server: lab.url(name),
    authority: '',
    certificate: '',
    key: '',
    token: lab.world.adminToken,
  });
  const door = (name: string) => openDoor(Number(new URL(lab.url(name)).port));
  doors = { aks1: await door('aks1'), federation: await door('federation') };
  const processes = ['aks1/kube-apiserver', 'aks1/kwok', 'federation/kube-apiserver', 'karmada-scheduler'];
  plane = await startDataPlane({
    folder,
    members: { aks1: access('aks1') },
    federation: access('federation'),
    doors,
    machines: {
      list: () => processes.map((name) => ({ name })),
      hold: async (name) => void done.push(`hold ${name}`),
      async release(name) {
        done.push(`release ${name}`);
        if (!starts) throw new Error(`${name} does not start`);
      },
      freeze: (name) => void done.push(`freeze ${name}`),
    },
    writeStages: (member, life) => void done.push(`${member} ${JSON.stringify(life)}`),
  });
});
afterAll(async () => {
  await Promise.all([plane.close(), impatient.close()]);
  await Promise.all(Object.values(doors).map((door) => door.close()));
  await lab.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  for (const { id } of (await ask('GET', '/faults')).body) await ask('DELETE', `/faults/${id}`);
  done.length = 0;
});

async function ask(method: string, path: string, body?: object) {
  const url = readFileSync(join(folder, 'control.url'), 'utf8') + path;
  const answer = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the path
  return { status: answer.status, body: (await answer.json()) as any };
}
const breakIt = (kind: string, target: string, options = {}) =>
  ask('POST', '/faults', { kind, target, options });

async function visit(url = readFileSync(join(folder, 'aks1.url'), 'utf8')) {
  const answer = await request(url, { headers: { host: HOST }, headersTimeout: 8000 });
  await answer.body.dump();
  return { status: answer.statusCode, node: answer.headers['x-node'] };
}
const impatient = new Agent({ connect: { timeout: 300 }, headersTimeout: 400 });
const throughDoor = () =>
  request(`http://127.0.0.1:${doors['aks1']?.port}/readyz`, { dispatcher: impatient });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  let held = await holds();
  for (let n = 0; n < 200 && !held; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    held = await holds();
  }
  expect(held).toBe(true);
}

describe("the rig's data plane", () => {
  test('entry points and Front Door serve what the API server says', async () => {
    await until(async () => (await visit()).status === 200);
    expect((await visit()).node).toBe('aks1-0');
    expect(store.get('networking.k8s.io/ingresses', 'demo', 'hello')?.['status']).toEqual({
      loadBalancer: { ingress: [{ ip: '127.0.0.1' }] },
    });
    await until(
      async () => (await visit(readFileSync(join(folder, 'front-door-classic.url'), 'utf8'))).status === 200,
    );
  });

  test('the state has the shape of the sandbox', async () => {
    const { body } = await ask('GET', '/state');
    expect(Object.keys(body)).toEqual(['aks1']);
    expect(body.aks1).toMatchObject({ api: 'answers', deployments: { 'intranet/wiki': { wanted: 2 } } });
    expect(body.aks1.nodes).toContainEqual({ name: 'aks1-node-0', ready: true, schedulable: true });
  });

  test('the objects of every plane, alike from moment to moment', async () => {
    const { body } = await ask('GET', '/objects');
    expect(Object.keys(body)).toEqual(['aks1', 'federation', 'front-door']);
    expect(body.aks1['core/services demo/hello']).toMatchObject({ kind: 'Service', apiVersion: 'v1' });
  });

  test('a member that is cut off serves on, and its API does not answer', async () => {
    const { body } = await breakIt('partition', 'aks1');
    await expect(throughDoor()).rejects.toThrow();
    expect((await visit()).status).toBe(200);
    expect((await ask('GET', '/state')).body.aks1.api).toBe('hangs');
    expect((await ask('DELETE', `/faults/${body.id}`)).status).toBe(200);
    expect((await throughDoor()).statusCode).toBeLessThan(500);
  });

  test('an API server that is killed, and started again before its door opens', async () => {
    const { body } = await breakIt('api-gone', 'federation');
    await ask('DELETE', `/faults/${body.id}`);
    expect(done).toEqual(['hold federation/kube-apiserver', 'release federation/kube-apiserver']);
  });

  test('an API server that does not come back: the fault is not mended before it does, however often one asks', async () => {
    const { body } = await breakIt('api-gone', 'federation');
    starts = false;
    const failed = await ask('DELETE', `/faults/${body.id}`);
    starts = true;
    const message = 'federation/kube-apiserver does not start';
    expect(failed).toEqual({ status: 500, body: { message } });
    const answers = [await ask('DELETE', `/faults/${body.id}`), await ask('DELETE', `/faults/${body.id}`)];
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect(done.filter((what) => what.startsWith('release'))).toHaveLength(2);
  });

  test('a node that is down is out of the hands of kwok until it is mended', async () => {
    const label = () =>
      store.get('core/nodes', undefined, 'aks1-node-1')?.metadata.labels?.['lab.firedrill.dev/down'];
    const { body } = await breakIt('node-down', 'aks1/aks1-node-1');
    expect(label()).toBe('true');
    await ask('DELETE', `/faults/${body.id}`);
    expect(label()).toBeUndefined();
  });

  test('a label that a killed rig left is taken off', async () => {
    store.update('core/nodes', undefined, 'aks1-node-2', ({ metadata }) => {
      metadata.labels = { ...metadata.labels, 'lab.firedrill.dev/down': 'true' };
    });
    const labels = () => store.get('core/nodes', undefined, 'aks1-node-2')?.metadata.labels ?? {};
    await until(() => !('lab.firedrill.dev/down' in labels()));
  });

  test('slow pods: kwok starts again with other stages', async () => {
    const { status } = await breakIt('pod-start-slow', 'aks1', { ms: 500 });
    expect([status, done]).toEqual([
      200,
      ['hold aks1/kwok', 'aks1 {"startMs":2500,"pulls":true}', 'release aks1/kwok'],
    ]);
  });

  test('what it cannot do is refused by name, and nothing is in force', async () => {
    expect(await breakIt('api-429', 'aks1')).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^the rig cannot play api-429/) },
    });
    expect(await ask('PATCH', '/settings', { nodes: 9 })).toMatchObject({ status: 400 });
    expect((await ask('GET', '/faults')).body).toEqual([]);
  });
});

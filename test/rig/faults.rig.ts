/** The rig's faults, in real processes: each bites, is seen by who asks the API, and leaves nothing behind. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Agent, request } from 'undici';
import type { Comparable } from '../../lab/comparison.ts';
import { readAccess } from '../../lab/rig/edge/access.ts';
import { type ApiClient, createApiClient } from '../../lab/rig/edge/api-client.ts';
import type { KubeObject } from '../../lab/store.ts';

const kubeconfig = process.env['FIREDRILL_RIG'];
if (kubeconfig === undefined) throw new Error('FIREDRILL_RIG is not set: run this by npm run test:rig');
const MEMBER = 'aks2';
const NAMESPACE = 'rig-faults';
const HOST = 'rig-faults.example.com';
const file = (name: string) => readFileSync(join(dirname(kubeconfig), name), 'utf8');

let api: ApiClient;
let before: Comparable;

beforeAll(async () => {
  api = createApiClient(readAccess(kubeconfig, MEMBER));
  before = await settled();
  await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  await make(`/api/v1/namespaces/${NAMESPACE}/services`, service);
  await make(`/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/ingresses`, ingress);
  await make(DEPLOYMENTS, deployment('web', 3));
  await until('the pods are ready', async () => (await pods('web')).filter(isReady).length === 3);
  await until('the entry point serves', serves);
}, 90_000);
afterEach(async () => {
  for (const { id } of await ask<{ id: string }[]>('GET', '/faults')) await ask('DELETE', `/faults/${id}`);
}, 60_000);
afterAll(async () => {
  await api.send('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
  await until('the namespace is gone', async () => !('core/namespaces /rig-faults' in (await member())));
  expect(await settled()).toEqual(before);
  await api.close();
}, 120_000);

const SETTLED_MS = 3_000;
const member = async () => (await ask<Comparable>('GET', '/objects'))[MEMBER] ?? {};

/** A rig that has just come up, or lost a namespace, still writes: until it has been still for a while. */
async function settled(): Promise<Comparable> {
  let last = await ask<Comparable>('GET', '/objects');
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    const now = await ask<Comparable>('GET', '/objects');
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
}

const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const meta = (name: string) => ({ metadata: { name, namespace: NAMESPACE } });
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  ...meta('web'),
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};
const backend = { service: { name: 'web', port: { number: 80 } } };
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  ...meta('web'),
  spec: { rules: [{ host: HOST, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
};
const deployment = (app: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...meta(app),
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: { containers: [{ name: 'one', image: 'example.com/app:1' }] },
    },
  },
});
const make = (path: string, object: object) => api.send('POST', path, object);

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(file('control.url') + path, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
  return JSON.parse(text) as T;
}
const breakIt = (kind: string, target: string, options = {}) =>
  ask<{ id: string }>('POST', '/faults', { kind, target, options });
const mend = (id: string) => ask('DELETE', `/faults/${id}`);

async function pods(app: string): Promise<KubeObject[]> {
  const { items } = await api.send('GET', `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app%3D${app}`);
  return items;
}
const isReady = ({ status }: KubeObject) =>
  (status?.conditions ?? []).some(
    (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
  );
async function serves(): Promise<boolean> {
  const answer = await request(file(`${MEMBER}.url`), { headers: { host: HOST } });
  await answer.body.dump();
  return answer.statusCode === 200;
}

async function until(what: string, holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Through the member's door, on a new connection: the error's code, or the status. */
async function knock(): Promise<string | number> {
  const { server, authority, certificate, key } = readAccess(kubeconfig as string, MEMBER);
  const connect = { ca: authority, cert: certificate, key, timeout: 1500 };
  const agent = new Agent({ connect, headersTimeout: 1500 });
  try {
    const answer = await request(`${server}/readyz`, { dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await agent.destroy();
  }
}

describe('faults of a real API server', () => {
  test('gone: refuses, its pods still serve; afterwards it knows what it knew', async () => {
    const { id } = await breakIt('api-gone', MEMBER);
    expect(await knock()).toBe('ECONNREFUSED');
    expect(await serves()).toBe(true);
    await mend(id);
    expect(await knock()).toBe(200);
    expect((await pods('web')).filter(isReady)).toHaveLength(3);
  });

  test('cut off: connecting hangs, its pods still serve', async () => {
    const { id } = await breakIt('partition', MEMBER);
    expect(await knock()).toBe('UND_ERR_CONNECT_TIMEOUT');
    expect(await serves()).toBe(true);
    await mend(id);
    expect(await knock()).toBe(200);
  });

  test('hanging: connections are made and nothing comes', async () => {
    await breakIt('api-timeout', MEMBER);
    expect(await knock()).toBe('UND_ERR_CONNECT_TIMEOUT');
  });

  test('reset: what was asked is done, and not answered', async () => {
    await api.send('GET', '/version');
    const { id } = await breakIt('api-reset', MEMBER);
    const map = { apiVersion: 'v1', kind: 'ConfigMap', ...meta('done') };
    await expect(make(`/api/v1/namespaces/${NAMESPACE}/configmaps`, map)).rejects.toThrow();
    await mend(id);
    const found = await api.send('GET', `/api/v1/namespaces/${NAMESPACE}/configmaps/done`);
    expect(found.metadata.name).toBe('done');
  });
});

describe('faults of a member', () => {
  test('a frozen scheduler binds nothing, and goes on when it is thawed', async () => {
    const { id } = await breakIt('frozen-controller', MEMBER, { controller: 'kube-scheduler' });
    await make(DEPLOYMENTS, deployment('unbound', 1));
    await until('the pod is there', async () => (await pods('unbound')).length === 1);
    // A scheduler that runs binds within milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect((await pods('unbound'))[0]?.['spec'].nodeName).toBeUndefined();
    await mend(id);
    await until('the pod is ready', async () => (await pods('unbound')).every(isReady));
  }, 60_000);

  test('no image: the pod waits, and says why; afterwards it starts', async () => {
    const { id } = await breakIt('image-pull', MEMBER);
    await make(DEPLOYMENTS, deployment('unpulled', 1));
    await until('it says so', async () => {
      const [pod] = await pods('unpulled');
      return pod?.['status'].containerStatuses?.[0]?.state.waiting?.reason === 'ImagePullBackOff';
    });
    await mend(id);
    await until('the pod is ready', async () => (await pods('unpulled')).every(isReady));
  }, 60_000);

  test('slow: a pod is not ready before its time', async () => {
    const { id } = await breakIt('pod-start-slow', MEMBER, { ms: 600_000 });
    await make(DEPLOYMENTS, deployment('slow', 1));
    await until('the pod is bound', async () => (await pods('slow'))[0]?.['spec'].nodeName !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect((await pods('slow')).filter(isReady)).toEqual([]);
    await mend(id);
    await until('the pod is ready', async () => (await pods('slow')).every(isReady));
  }, 60_000);

  test('a node that is down: not ready after the grace period, and back when it is mended', async () => {
    const node = (await pods('web'))[0]?.['spec'].nodeName as string;
    const { id } = await breakIt('node-down', `${MEMBER}/${node}`);
    const status = async () => {
      const { status } = await api.send('GET', `/api/v1/nodes/${node}`);
      return status.conditions.find((one: { type: string }) => one.type === 'Ready').status;
    };
    await until('the node is not ready', async () => (await status()) === 'Unknown', 90_000);
    await mend(id);
    await until('the node is ready', async () => (await status()) === 'True');
    await until('its pods are ready', async () => (await pods('web')).every(isReady));
  }, 180_000);
});

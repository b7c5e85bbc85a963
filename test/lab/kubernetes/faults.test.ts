import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Watch } from '@kubernetes/client-node';
import { faultKinds } from '../../../lab/faults.ts';
import { AppsV1Api, CoreV1Api, deployment, openLab, refusal, type TestLab } from './cluster.ts';

let lab: TestLab;
let core: CoreV1Api;
beforeEach(async () => {
  lab = await openLab();
  core = lab.client(CoreV1Api);
});
afterEach(() => lab.close());

const namespace = 'default';
const store = () => lab.world.members.aks1!;
const fault = (kind: string, options = {}) => lab.world.faults.add({ kind, target: 'aks1', options });

/** `hangs` when nothing has come after 150 ms. */
async function ask(path = '/readyz'): Promise<number | 'hangs' | 'fails'> {
  const signal = AbortSignal.timeout(150);
  return fetch(`${lab.url()}${path}`, { signal }).then(
    (answer) => answer.status,
    (error: Error) => (error.name === 'TimeoutError' ? 'hangs' : 'fails'),
  );
}

test.each([
  ['api-429', 429],
  ['api-500', 500],
  ['api-timeout', 'hangs'],
  ['partition', 'hangs'],
  ['api-reset', 'fails'],
  ['api-gone', 'fails'],
])('%s, and as before once it is mended', async (kind, seen) => {
  const path = kind === 'api-reset' ? '/api/v1/namespaces/default' : '/readyz';
  const id = fault(kind);
  expect(await ask(path)).toBe(seen);
  lab.world.faults.remove(id);
  await expect(core.readNamespace({ name: namespace })).resolves.toBeDefined();
});

test('429 says when to come again, and can be for some verbs only', async () => {
  fault('api-429', { retryAfter: 7, verbs: ['patch'] });
  await expect(core.listNode()).resolves.toBeDefined();
  const answer = await fetch(`${lab.url()}/api/v1/nodes/aks1-node-0`, { method: 'PATCH', body: '{}' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
});

test('a reset comes after the write took effect: the client cannot know', async () => {
  fault('api-reset', { verbs: ['create'] });
  await expect(
    core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'done' } } }),
  ).rejects.toThrow();
  expect(store().get('core/configmaps', namespace, 'done')).toBeDefined();
});

test('a watch is silent during a partition and broken after it', async () => {
  const seen: string[] = [];
  let ended = () => {};
  const broken = new Promise<void>((resolve) => {
    ended = resolve;
  });
  await new Watch(lab.config()).watch(
    '/api/v1/configmaps',
    {},
    (_type, object) => seen.push(object.metadata.name),
    () => ended(),
  );
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'before' } } });
  const id = fault('partition');
  store().create('core/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'during', namespace },
  });
  lab.world.faults.remove(id);
  await broken;
  expect(seen).not.toContain('during');
});

test('stale-status answers statuses of before while the world goes on', async () => {
  const apps = lab.client(AppsV1Api);
  await apps.createNamespacedDeployment({ namespace, body: deployment('hello', 1) as never });
  const ready = () => store().get('apps/deployments', namespace, 'hello')?.status?.readyReplicas;
  await lab.until(() => ready() === 1);
  const id = fault('stale-status');
  store().update('apps/deployments', namespace, 'hello', (object) => {
    object.spec.replicas = 3;
  });
  await lab.until(() => ready() === 3);
  const read = async () =>
    (await apps.readNamespacedDeployment({ namespace, name: 'hello' })).status?.readyReplicas;
  expect(await read()).toBe(1);
  lab.world.faults.remove(id);
  expect(await read()).toBe(3);
});

test('a frozen controller does nothing, and catches up when it is mended', async () => {
  const id = fault('frozen-controller', { controller: 'replicaset' });
  await lab.client(AppsV1Api).createNamespacedDeployment({ namespace, body: deployment('late', 1) as never });
  await lab.until(() => store().list('apps/replicasets', { namespace })[0]?.spec.replicas === 1);
  expect(store().list('core/pods', { namespace })).toEqual([]);
  lab.world.faults.remove(id);
  await lab.until(() => store().list('core/pods', { namespace })[0]?.status.phase === 'Running');
});

test('an image that cannot be pulled keeps pods from starting', async () => {
  const id = fault('image-pull');
  await lab
    .client(AppsV1Api)
    .createNamespacedDeployment({ namespace, body: deployment('stuck', 1) as never });
  const container = () => store().list('core/pods', { namespace })[0]?.status.containerStatuses?.[0];
  await lab.until(() => container()?.state.waiting?.reason === 'ImagePullBackOff');
  lab.world.faults.remove(id);
  await lab.until(() => container()?.ready);
});

test('a fault or an option that does not exist is refused with those that do', () => {
  expect(() => fault('api-418')).toThrow(Object.keys(faultKinds).join(', '));
  expect(() => fault('api-429', { soon: 1 })).toThrow('retryAfter');
});

test('without a fault, nothing is refused', async () => {
  expect(await ask()).toBe(200);
  expect(await refusal(core.readNode({ name: 'none' }))).toMatchObject({ code: 404 });
});

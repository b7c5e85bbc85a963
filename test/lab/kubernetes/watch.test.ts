import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeInformer, Watch } from '@kubernetes/client-node';
import { CoreV1Api, openLab, type TestLab } from './cluster.ts';

let lab: TestLab;
let core: CoreV1Api;
beforeEach(async () => {
  lab = await openLab();
  core = lab.client(CoreV1Api);
});
afterEach(() => lab.close());

const namespace = 'default';
const path = `/api/v1/namespaces/${namespace}/configmaps`;

/** Collects events until the server ends the stream. */
async function watched(query: Record<string, unknown>, during: () => Promise<void> = async () => {}) {
  const events: [
    type: string,
    object: { metadata?: { name?: string; annotations?: unknown }; code?: number },
  ][] = [];
  const ended = new Promise<void>((resolve, reject) => {
    new Watch(lab.config())
      .watch(
        path,
        { timeoutSeconds: 1, ...query },
        (type, object) => void events.push([type, object]),
        (error) => (error && !String(error).includes('Premature') ? reject(error) : resolve()),
      )
      .then(during, reject);
  });
  await ended;
  return events;
}

test('changes since a version arrive in order, then a bookmark with the newest version', async () => {
  const { metadata } = await core.listNamespacedConfigMap({ namespace });
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' } } });
  const events = await watched(
    { resourceVersion: metadata?.resourceVersion, allowWatchBookmarks: true },
    async () => {
      await core.replaceNamespacedConfigMap({
        namespace,
        name: 'a',
        body: { metadata: { name: 'a' }, data: { k: 'v' } },
      });
      await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
    },
  );
  expect(events.map(([type]) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);
});

test('an object that leaves the selection is DELETED for the watcher, one that enters it is ADDED', async () => {
  const label = (mine: string) => ({ metadata: { name: 'b', labels: { mine } } });
  await core.createNamespacedConfigMap({ namespace, body: label('no') });
  const events = await watched({ labelSelector: 'mine=yes' }, async () => {
    await core.replaceNamespacedConfigMap({ namespace, name: 'b', body: label('yes') });
    await core.replaceNamespacedConfigMap({ namespace, name: 'b', body: label('no') });
  });
  expect(events.map(([type]) => type)).toEqual(['ADDED', 'DELETED']);
});

test('a version that is forgotten is 410 as an ERROR event', async () => {
  const store = lab.world.members.aks1;
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'busy' } } });
  for (let written = 0; written < 10_100; written += 1)
    store?.update('core/configmaps', namespace, 'busy', (object) => {
      object.data = { written: String(written) };
    });
  const [first] = await watched({ resourceVersion: '2' });
  expect(first).toMatchObject(['ERROR', { code: 410, reason: 'Expired' }]);
});

test('the initial state can be part of the stream', async () => {
  const events = await watched({
    sendInitialEvents: true,
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: true,
  });
  const [type, object] = events[1] ?? [];
  expect(events[0]?.[0]).toBe('ADDED');
  expect(type).toBe('BOOKMARK');
  expect(object?.metadata?.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
});

test("the client's informer follows", async () => {
  const informer = makeInformer(lab.config(), path, () => core.listNamespacedConfigMap({ namespace }));
  const seen = new Promise((resolve) =>
    informer.on('add', (object) => object.metadata?.name === 'late' && resolve(1)),
  );
  await informer.start();
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'late' } } });
  await seen;
  expect(informer.get('late', namespace)).toBeDefined();
  await informer.stop();
});

import { expect, test } from '@jest/globals';
import { createStore, type StoredChange } from '../../../lab/kubernetes/store.ts';
import type { KubeObject } from '../../../lab/store.ts';

const thing = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'x', ...more },
  data: {},
});
const R = 'core/configmaps';

test('changes reach every watcher in the order of their versions, also those made by a watcher', () => {
  const store = createStore('c');
  const seen: number[] = [];
  store.watch(({ type, object }) => {
    if (type === 'ADDED' && object.metadata.name === 'a') store.create(R, thing('b'));
  });
  store.watch((change) => seen.push((change as StoredChange).version));
  store.create(R, thing('a'));
  store.remove(R, 'x', 'a');
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen).toHaveLength(3);
});

test('what is stored cannot be changed from outside', () => {
  const store = createStore('c');
  const made = store.create(R, thing('a', { labels: { k: 'v' } }));
  made.metadata.labels = {};
  expect(store.get(R, 'x', 'a')?.metadata.labels).toEqual({ k: 'v' });
  store.watch(({ object }) => {
    expect(() => {
      object.metadata.name = 'other';
    }).toThrow(TypeError);
  });
  store.create(R, thing('b'));
});

test('an update that changes nothing is no change', () => {
  const store = createStore('c');
  store.create(R, thing('a'));
  const version = store.version();
  store.update(R, 'x', 'a', () => {});
  expect(store.version()).toBe(version);
});

test('the generation counts changes of what is wanted, not of labels or status', () => {
  const store = createStore('c');
  const widget = 'example.com/widgets';
  store.create(widget, { ...thing('w'), spec: { size: 1 } });
  const after = (change: (object: KubeObject) => void) =>
    store.update(widget, 'x', 'w', change).metadata.generation;
  expect(after((object) => (object.metadata.labels = { a: 'b' }))).toBe(1);
  expect(after((object) => (object.status = { ready: true }))).toBe(1);
  expect(after((object) => (object.spec.size = 2))).toBe(2);
});

test('what an object owns goes with it, unless somebody else owns it too or it is orphaned', () => {
  const store = createStore('c');
  const owner = (name: string) => {
    const { metadata, apiVersion, kind } = store.create(R, thing(name));
    return { apiVersion, kind, name, uid: metadata.uid ?? '', controller: true };
  };
  const [one, two, three] = [owner('one'), owner('two'), owner('three')];
  store.create(R, thing('only', { ownerReferences: [one] }));
  store.create(R, thing('both', { ownerReferences: [one, two] }));
  store.create(R, thing('orphan', { ownerReferences: [three] }));
  store.remove(R, 'x', 'one');
  store.remove(R, 'x', 'three', { propagationPolicy: 'Orphan' });
  expect(store.list(R).map(({ metadata }) => metadata.name)).toEqual(['two', 'both', 'orphan']);
  expect(store.get(R, 'x', 'orphan')?.metadata.ownerReferences).toBeUndefined();
});

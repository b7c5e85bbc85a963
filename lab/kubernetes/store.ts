/**
 * The objects of one API server, in memory. Stored objects are frozen and replaced as a whole, so that watchers
 * share them and a history of changes costs nothing but references.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { type Clock, systemClock, timestamp } from '../clock.ts';
import type { Change, KubeObject, ObjectStore, Resource, Selector } from '../store.ts';
import { setDefaults } from './defaults.ts';
import { type Deletion, graceSeconds, isHeld } from './deletion.ts';
import { createGarbage } from './garbage.ts';
import { isSame } from './patch/json.ts';
import { keepsGeneration } from './resources.ts';
import { alreadyExists, notFound } from './status-error.ts';

export interface StoredChange extends Change {
  version: number;
  /** The object as it was; absent for ADDED. */
  before?: KubeObject;
}

/** What a store is rebuilt from after the lab was killed. */
export interface StoreState {
  version: number;
  objects: [resource: Resource, object: KubeObject][];
}

export interface MemoryStore extends ObjectStore {
  /** Returns the object as it is now: terminating, or as it was last seen. */
  remove(resource: Resource, namespace: string | undefined, name: string, deletion?: Deletion): KubeObject;
  /** resourceVersion of the newest change. */
  version(): number;
  /** Changes after a resourceVersion, oldest first; undefined when some of them are forgotten (410 Gone). */
  since(version: number): StoredChange[] | undefined;
  watch(handler: (change: StoredChange) => void): () => void;
  /** Like `list`, but the stored objects themselves: frozen, not copied. */
  peek(resource: Resource): Iterable<KubeObject>;
  state(): StoreState;
}

export interface StoreOptions {
  clock?: Clock;
  state?: StoreState | undefined;
  /** Changes kept for watches that start in the past; default 5,000. */
  history?: number;
}

export function createStore(name: string, options: StoreOptions = {}): MemoryStore {
  const clock = options.clock ?? systemClock;
  const keep = options.history ?? 5000;
  const tables = new Map<Resource, Map<string, KubeObject>>();
  const handlers = new Set<(change: StoredChange) => void>();
  const undelivered: StoredChange[] = [];
  let delivering = false;
  let version = options.state?.version ?? 1;
  let forgotten = version;
  let history: StoredChange[] = [];
  for (const [resource, object] of options.state?.objects ?? [])
    table(resource).set(keyOf(object), freeze(object));

  function table(resource: Resource): Map<string, KubeObject> {
    let found = tables.get(resource);
    if (found === undefined) {
      found = new Map();
      tables.set(resource, found);
    }
    return found;
  }

  function stored(resource: Resource, namespace: string | undefined, objectName: string): KubeObject {
    const found = tables.get(resource)?.get(key(namespace, objectName));
    if (found === undefined) throw notFound(resource, objectName);
    return found;
  }

  function commit(
    type: Change['type'],
    resource: Resource,
    object: KubeObject,
    before?: KubeObject,
  ): KubeObject {
    version += 1;
    object.metadata.resourceVersion = String(version);
    freeze(object);
    if (type === 'DELETED') table(resource).delete(keyOf(object));
    else table(resource).set(keyOf(object), object);
    const change: StoredChange = { type, resource, object, version, ...(before && { before }) };
    history.push(change);
    if (history.length > 2 * keep) {
      history = history.slice(-keep);
      forgotten = (history[0] as StoredChange).version - 1;
    }
    undelivered.push(change);
    deliver();
    return object;
  }

  /** A handler may write: what it writes is delivered after the change at hand has reached every handler. */
  function deliver(): void {
    if (delivering) return;
    delivering = true;
    try {
      for (let change = undelivered.shift(); change !== undefined; change = undelivered.shift())
        for (const handler of [...handlers]) handler(change);
    } finally {
      delivering = false;
    }
  }

  function create(resource: Resource, object: KubeObject): KubeObject {
    const draft = structuredClone(object);
    const { metadata } = draft;
    if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + suffix();
    setDefaults(name, resource, draft);
    if (tables.get(resource)?.has(keyOf(draft))) throw alreadyExists(resource, metadata.name);
    metadata.uid = randomUUID();
    metadata.creationTimestamp = timestamp(clock.now());
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    if (keepsGeneration(resource)) metadata.generation = 1;
    return structuredClone(commit('ADDED', resource, draft));
  }

  function update(
    resource: Resource,
    namespace: string | undefined,
    objectName: string,
    change: (object: KubeObject) => void,
  ): KubeObject {
    const before = stored(resource, namespace, objectName);
    const draft = structuredClone(before);
    change(draft);
    keepIdentity(draft, before);
    setDefaults(name, resource, draft);
    if (isSame(draft, before)) return draft;
    if (keepsGeneration(resource) && !isSame(desired(draft), desired(before)))
      draft.metadata.generation = (before.metadata.generation ?? 0) + 1;
    if (before.metadata.deletionTimestamp !== undefined && !isHeld(resource, draft))
      return structuredClone(commit('DELETED', resource, draft, before));
    return structuredClone(commit('MODIFIED', resource, draft, before));
  }

  function remove(
    resource: Resource,
    namespace: string | undefined,
    objectName: string,
    deletion: Deletion = {},
  ): KubeObject {
    const before = stored(resource, namespace, objectName);
    const draft = structuredClone(before);
    const { metadata } = draft;
    const grace = graceSeconds(resource, before, deletion.gracePeriodSeconds);
    const isPod = resource === 'core/pods';
    if (isPod && grace >= (metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY)) return draft;
    if (isPod) metadata.deletionGracePeriodSeconds = grace;
    garbage.prepare(draft, deletion.propagationPolicy);
    if (!isHeld(resource, draft)) return structuredClone(commit('DELETED', resource, draft, before));
    if (resource === 'core/namespaces') draft.status = { ...draft.status, phase: 'Terminating' };
    else metadata.deletionGracePeriodSeconds = grace;
    if (metadata.deletionTimestamp === undefined || grace > 0)
      metadata.deletionTimestamp = timestamp(clock.now() + grace * 1000);
    if (isSame(draft, before)) return draft;
    if (before.metadata.deletionTimestamp === undefined && metadata.generation !== undefined)
      metadata.generation += 1;
    return structuredClone(commit('MODIFIED', resource, draft, before));
  }

  function watch(handler: (change: StoredChange) => void): () => void {
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  const store: MemoryStore = {
    name,
    get(resource, namespace, objectName) {
      return structuredClone(tables.get(resource)?.get(key(namespace, objectName)));
    },
    list: (resource, selector = {}) =>
      [...(tables.get(resource)?.values() ?? [])]
        .filter((object) => selects(selector, object))
        .map((object) => structuredClone(object)),
    peek: (resource) => tables.get(resource)?.values() ?? [],
    watch,
    create,
    update,
    remove,
    version: () => version,
    since: (from) => (from < forgotten ? undefined : history.filter((change) => change.version > from)),
    state: () => ({
      version,
      objects: [...tables].flatMap(([resource, objects]) =>
        [...objects.values()].map((object): [Resource, KubeObject] => [resource, object]),
      ),
    }),
  };
  const garbage = createGarbage(store, () => tables);
  watch(garbage.collect);
  return store;
}

/** Five of the letters and digits that a real server makes names of: no vowels, so no words. */
function suffix(): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from(randomBytes(5), (byte) => letters[byte % letters.length]).join('');
}

function key(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function keyOf(object: KubeObject): string {
  return key(object.metadata.namespace, object.metadata.name);
}

function selects(selector: Selector, { metadata }: KubeObject): boolean {
  if (selector.namespace !== undefined && metadata.namespace !== selector.namespace) return false;
  return Object.entries(selector.labels ?? {}).every(([label, value]) => metadata.labels?.[label] === value);
}

/** What a writer cannot change. */
function keepIdentity(draft: KubeObject, before: KubeObject): void {
  const kept = [
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'generation',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const;
  const metadata = draft.metadata as unknown as Record<string, unknown>;
  for (const field of kept) {
    if (before.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = before.metadata[field];
  }
}

/** The part of an object whose change is a new generation. */
function desired({ metadata: _metadata, status: _status, ...rest }: KubeObject): object {
  return rest;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

/** What controllers share: a queue of keys, worked off after the changes that filled it, stopped by faults. */
import type { Clock } from '../../clock.ts';
import { type Faults, isFrozen } from '../../faults.ts';
import type { ClusterSettings } from '../../settings.ts';
import type { KubeObject } from '../../store.ts';
import { StatusError } from '../status-error.ts';
import type { MemoryStore, StoredChange } from '../store.ts';

/** One cluster as its controllers see it. */
export interface Cluster {
  name: string;
  store: MemoryStore;
  clock: Clock;
  faults: Faults;
  settings(): ClusterSettings;
}

export interface Controller {
  /** As `frozen-controller` names it. */
  name: string;
  /** Keys that a change makes worth a look. */
  wakes(change: StoredChange): Iterable<string>;
  /** Every key, for the start. */
  all(): Iterable<string>;
  /** Brings one key's world to what is wanted; returns after how many ms to look again. */
  reconcile(key: string): number | undefined;
  /** Whether the coming or going of a fault makes everything worth a look. */
  readsFaults?: boolean;
}

/** Returns how to stop it. */
export function startController({ name, store, clock, faults }: Cluster, controller: Controller): () => void {
  const dirty = new Set<string>();
  const timers = new Map<string, () => void>();
  let cancelDrain: (() => void) | undefined;

  function enqueue(keys: Iterable<string>): void {
    for (const key of keys) dirty.add(key);
    if (dirty.size > 0 && cancelDrain === undefined && !isFrozen(faults, name, controller.name))
      cancelDrain = clock.after(0, drain);
  }

  function drain(): void {
    cancelDrain = undefined;
    const keys = [...dirty];
    dirty.clear();
    for (const key of keys) look(key);
  }

  function look(key: string): void {
    timers.get(key)?.();
    timers.delete(key);
    const again = withoutConflicts(() => controller.reconcile(key));
    if (again === undefined) return;
    timers.set(
      key,
      clock.after(again, () => {
        timers.delete(key);
        enqueue([key]);
      }),
    );
  }

  const stops = [
    store.watch((change) => enqueue(controller.wakes(change))),
    faults.onChange(({ kind }) =>
      enqueue(controller.readsFaults || kind === 'frozen-controller' ? controller.all() : []),
    ),
  ];
  enqueue(controller.all());
  return () => {
    for (const stop of stops) stop();
    cancelDrain?.();
    for (const cancel of timers.values()) cancel();
  };
}

/** What a controller wanted to write may be gone by then: its going woke the controller again. */
function withoutConflicts(reconcile: () => number | undefined): number | undefined {
  try {
    return reconcile();
  } catch (error) {
    if (error instanceof StatusError && error.body.code === 404) return undefined;
    throw error;
  }
}

/** `namespace/name`; cluster-scoped objects have no namespace: `/name`. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

export function parseKey(key: string): [namespace: string | undefined, name: string] {
  const [namespace, name = ''] = key.split('/');
  return [namespace || undefined, name];
}

export function keysOf(store: MemoryStore, resource: string): string[] {
  return [...store.peek(resource)].map(keyOf);
}

/** Keys of the owners of one kind. */
export function ownersOf({ metadata }: KubeObject, kind: string): string[] {
  return (metadata.ownerReferences ?? [])
    .filter((owner) => owner.kind === kind && owner.controller)
    .map((owner) => `${metadata.namespace ?? ''}/${owner.name}`);
}

export function ownedBy(store: MemoryStore, resource: string, owner: KubeObject): KubeObject[] {
  return [...store.peek(resource)].filter((object) =>
    object.metadata.ownerReferences?.some((each) => each.uid === owner.metadata.uid && each.controller),
  );
}

export function controlledBy({ apiVersion, kind, metadata }: KubeObject) {
  return [
    {
      apiVersion,
      kind,
      name: metadata.name,
      uid: metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    },
  ];
}

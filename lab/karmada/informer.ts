import type { MemoryStore, StoredChange } from '../kubernetes/store.ts';
import type { KubeObject, Resource } from '../store.ts';

/** Tells of what is there already as ADDED, then of every change. Returns how to stop. */
export function inform(
  store: MemoryStore,
  resources: readonly Resource[],
  handler: (change: Pick<StoredChange, 'type' | 'resource' | 'object' | 'before'>) => void,
): () => void {
  for (const resource of resources)
    for (const object of [...store.peek(resource)]) handler({ type: 'ADDED', resource, object });
  return store.watch((change) => {
    if (resources.includes(change.resource)) handler(change);
  });
}

/** Something other than status was changed (or it is new, or being deleted). */
export function isNewGeneration({ object, before }: { object: KubeObject; before?: KubeObject }): boolean {
  return !before || before.metadata.generation !== object.metadata.generation;
}

/** Garbage collection: what an object owns goes when it goes, in the way its deletion asked for. */
import type { Change, KubeObject, ObjectStore, Resource } from '../store.ts';
import type { Deletion } from './deletion.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

type Writable = Pick<ObjectStore, 'update' | 'get'> & {
  remove(resource: Resource, namespace: string | undefined, name: string, deletion?: Deletion): unknown;
};

type Owned = [resource: Resource, object: KubeObject];

export interface Garbage {
  /** Writes the propagation policy into the object that is being deleted, as finalizers. */
  prepare(object: KubeObject, policy: Deletion['propagationPolicy']): void;
  collect(change: Change): void;
}

export function createGarbage(
  store: Writable,
  tables: () => Map<Resource, Map<string, KubeObject>>,
): Garbage {
  function owned(uid: string | undefined): Owned[] {
    const found: Owned[] = [];
    for (const [resource, objects] of tables())
      for (const object of objects.values())
        if (object.metadata.ownerReferences?.some((owner) => owner.uid === uid))
          found.push([resource, object]);
    return found;
  }

  function exists(uid: string): boolean {
    for (const objects of tables().values())
      for (const object of objects.values()) if (object.metadata.uid === uid) return true;
    return false;
  }

  function removeOwned(uid: string | undefined, propagationPolicy?: 'Foreground'): void {
    for (const [resource, { metadata }] of owned(uid)) {
      const others =
        metadata.ownerReferences?.filter((owner) => owner.uid !== uid && exists(owner.uid)) ?? [];
      if (metadata.deletionTimestamp !== undefined) continue;
      if (others.length === 0)
        store.remove(resource, metadata.namespace, metadata.name, propagationPolicy && { propagationPolicy });
    }
  }

  function disown(owner: KubeObject): void {
    for (const [resource, { metadata }] of owned(owner.metadata.uid))
      store.update(resource, metadata.namespace, metadata.name, (object) => {
        const left = object.metadata.ownerReferences?.filter((ref) => ref.uid !== owner.metadata.uid) ?? [];
        object.metadata.ownerReferences = left;
      });
  }

  function dropFinalizer(resource: Resource, { metadata }: KubeObject, finalizer: string): void {
    if (store.get(resource, metadata.namespace, metadata.name) === undefined) return;
    store.update(resource, metadata.namespace, metadata.name, (object) => {
      object.metadata.finalizers = object.metadata.finalizers?.filter((each) => each !== finalizer) ?? [];
    });
  }

  /** An owner that waits in the foreground goes with the last thing it owned. */
  function releaseOwners(object: KubeObject): void {
    for (const { uid } of object.metadata.ownerReferences ?? [])
      for (const [resource, objects] of tables())
        for (const owner of objects.values())
          if (owner.metadata.uid === uid && isWaiting(owner, FOREGROUND) && owned(uid).length === 0)
            dropFinalizer(resource, owner, FOREGROUND);
  }

  return {
    prepare(object, policy) {
      const { metadata } = object;
      const finalizer = policy === 'Foreground' ? FOREGROUND : policy === 'Orphan' ? ORPHAN : undefined;
      if (finalizer === undefined) return;
      if (!metadata.finalizers?.includes(finalizer))
        metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
    },
    collect({ type, resource, object }) {
      if (type === 'DELETED') {
        removeOwned(object.metadata.uid);
        releaseOwners(object);
      } else if (isWaiting(object, ORPHAN)) {
        disown(object);
        dropFinalizer(resource, object, ORPHAN);
      } else if (isWaiting(object, FOREGROUND)) {
        removeOwned(object.metadata.uid, 'Foreground');
        if (owned(object.metadata.uid).length === 0) dropFinalizer(resource, object, FOREGROUND);
      }
    },
  };
}

function isWaiting({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(finalizer) ?? false);
}

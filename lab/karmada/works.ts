import { isDeepStrictEqual } from 'node:util';
import type { MemoryStore } from '../kubernetes/store.ts';
import type { KubeObject, ObjectMeta } from '../store.ts';
import { WORKS } from './bindings.ts';
import { Retry } from './context.ts';
import { finalizer, label } from './names.ts';

export interface Work extends KubeObject {
  spec: {
    workload: { manifests: KubeObject[] };
    suspendDispatching?: boolean;
    preserveResourcesOnDeletion?: boolean;
  };
}

export interface WantedWork {
  metadata: Pick<
    ObjectMeta,
    'name' | 'namespace' | 'labels' | 'annotations' | 'ownerReferences' | 'finalizers'
  >;
  manifest: KubeObject;
  suspendDispatching?: boolean;
  preserveOnDeletion?: boolean;
}

/** Creates or updates; a Work keeps the permanent id it was created with. */
export function writeWork(store: MemoryStore, wanted: WantedWork): void {
  const { metadata, manifest } = wanted;
  const spec: Work['spec'] = {
    workload: { manifests: [manifest] },
    ...(wanted.suspendDispatching && { suspendDispatching: true }),
    ...(wanted.preserveOnDeletion && { preserveResourcesOnDeletion: true }),
  };
  const before = store.get(WORKS, metadata.namespace, metadata.name);
  if (!before) {
    store.create(WORKS, {
      apiVersion: 'work.karmada.io/v1alpha1',
      kind: 'Work',
      metadata: { finalizers: [finalizer.execution], ...metadata },
      spec,
    });
    return;
  }
  if (before.metadata.deletionTimestamp) throw new Retry(`work ${metadata.name} is being deleted`);
  store.update(WORKS, metadata.namespace, metadata.name, (work) => {
    const id = work.metadata.labels?.[label.workId];
    work.metadata.labels = { ...work.metadata.labels, ...metadata.labels, ...(id && { [label.workId]: id }) };
    work.metadata.annotations = { ...work.metadata.annotations, ...metadata.annotations };
    if (metadata.finalizers) work.metadata.finalizers = metadata.finalizers;
    if (!isDeepStrictEqual(work.spec, spec)) work.spec = spec;
  });
}

/** Works that hold an EndpointSlice collected from a member: never dispatched, shared by those who asked for it. */
import { randomUUID } from 'node:crypto';
import type { MemoryStore } from '../../kubernetes/store.ts';
import type { KubeObject } from '../../store.ts';
import { WORKS } from '../bindings.ts';
import type { Context } from '../context.ts';
import { executionSpace, label, workName } from '../names.ts';
import { type Work, writeWork } from '../works.ts';
import { manager, mark, multiClusterFinalizer, sliceLabel } from './marks.ts';

export type Collector = 'ServiceExport' | 'MultiClusterService';

const own: Record<Collector, { name: string; namespace: string; finalizer: string }> = {
  ServiceExport: {
    name: mark.serviceName,
    namespace: mark.serviceNamespace,
    finalizer: multiClusterFinalizer.collected,
  },
  MultiClusterService: {
    name: mark.multiClusterName,
    namespace: mark.multiClusterNamespace,
    finalizer: multiClusterFinalizer.dispatched,
  },
};

export function isManagedByKarmada({ metadata }: KubeObject): boolean {
  const by = metadata.labels?.[sliceLabel.managedBy];
  return by === manager.imported || by === manager.dispatched;
}

/** What the Work holds; undefined when that is not of this kind. */
export function contentOf(work: KubeObject, kind: string): KubeObject | undefined {
  const [manifest] = (work as Work).spec.workload.manifests;
  return manifest?.kind === kind ? manifest : undefined;
}

export const sliceWorkName = (namespace: string | undefined, slice: string): string =>
  workName('EndpointSlice', slice, namespace);

export function reportSlice(
  { federation }: Context,
  slice: KubeObject,
  cluster: string,
  by: Collector,
): void {
  const { name, namespace = '', labels = {}, annotations = {} } = slice.metadata;
  const service = labels[sliceLabel.service] ?? '';
  const at = { name: sliceWorkName(namespace, name), namespace: executionSpace(cluster) };
  const before = federation.get(WORKS, at.namespace, at.name)?.metadata;
  const collectors = collectorsOf(before?.labels);
  writeWork(federation, {
    metadata: {
      ...at,
      labels: {
        [own[by].name]: service,
        [own[by].namespace]: namespace,
        [mark.collectedFor]: [...new Set([...collectors, by])].join('.'),
        [label.workId]: randomUUID(),
      },
      finalizers: [...new Set([...(before?.finalizers ?? []), own[by].finalizer])],
    },
    manifest: {
      ...structuredClone(slice),
      metadata: { name, namespace, labels: { ...labels, [label.managed]: 'true' }, annotations },
    },
    suspendDispatching: true,
  });
}

/** The collector's own claim goes; the Work with the last one. */
export function releaseSlice(federation: MemoryStore, { metadata }: KubeObject, by: Collector): void {
  const left = collectorsOf(metadata.labels).filter((each) => each !== by);
  if (left.length === 0) {
    if (!metadata.deletionTimestamp) federation.remove(WORKS, metadata.namespace, metadata.name);
    return;
  }
  federation.update(WORKS, metadata.namespace, metadata.name, (work) => {
    const { [own[by].name]: _, [own[by].namespace]: __, ...labels } = work.metadata.labels ?? {};
    work.metadata.labels = { ...labels, [mark.collectedFor]: left.join('.') };
  });
}

function collectorsOf(labels: Record<string, string> | undefined): string[] {
  return labels?.[mark.collectedFor]?.split('.') ?? [];
}

/** The Works of one Service in one member's space. */
export function collectedFor(
  { federation }: Context,
  cluster: string,
  by: Collector,
  namespace: string,
  service: string,
): KubeObject[] {
  const labels = { [own[by].name]: service, [own[by].namespace]: namespace };
  return federation
    .list(WORKS, { namespace: executionSpace(cluster), labels })
    .filter((work) => contentOf(work, 'EndpointSlice') && work.spec.suspendDispatching);
}

export function withoutFinalizer(federation: MemoryStore, work: KubeObject, finalizer: string): void {
  const { namespace, name, finalizers } = work.metadata;
  if (!finalizers?.includes(finalizer)) return;
  federation.update(WORKS, namespace, name, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((each) => each !== finalizer) ?? [];
  });
}

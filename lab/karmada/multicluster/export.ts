/**
 * service-export: what a member exports (its own ServiceExport objects say what) is collected, slice by slice. A
 * member that cannot be reached is not watched; when it is back, everything is read anew.
 */
import type { StoredChange } from '../../kubernetes/store.ts';
import { CLUSTERS, WORKS } from '../bindings.ts';
import { conditionOf } from '../conditions.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { clustersOfMember, observedStore } from '../members/access.ts';
import { executionSpace } from '../names.ts';
import { createQueue, keyOf, splitKey } from '../queue.ts';
import { EXPORTS, SLICES } from './apis.ts';
import { collectedFor, isManagedByKarmada, releaseSlice, reportSlice, sliceWorkName } from './collected.ts';
import { sliceLabel } from './marks.ts';

const watched = [EXPORTS, SLICES];

export function startServiceExports(context: Context): () => void {
  const { timings, world } = context;
  /** Keys are `cluster resource namespace/name`. */
  const queue = createQueue(context, 'service-export', timings.collectMs, (key) => {
    const [cluster = '', resource = '', at = ''] = key.split(' ');
    const [namespace = '', name] = splitKey(at);
    if (resource === EXPORTS) onExport(context, cluster, namespace, name);
    else onSlice(context, cluster, namespace, name);
    return undefined;
  });

  function onMember(member: string, { resource, object }: StoredChange): void {
    if (!watched.includes(resource)) return;
    for (const cluster of clustersOfMember(context, member))
      queue.add(`${cluster} ${resource} ${keyOf(object)}`);
  }

  function readAnew(cluster: string): void {
    for (const resource of watched)
      for (const object of observedStore(context, cluster)?.list(resource) ?? [])
        queue.add(`${cluster} ${resource} ${keyOf(object)}`, timings.watchResumeMs);
  }

  const stops = [
    ...Object.entries(world.members).map(([member, store]) =>
      store.watch((change) => onMember(member, change)),
    ),
    world.faults.onChange((fault, change) => {
      if (change === 'removed')
        for (const cluster of clustersOfMember(context, fault.target)) readAnew(cluster);
    }),
    inform(context.federation, [CLUSTERS], ({ object, before }) => {
      const ready = (of = object) => conditionOf(of.status?.conditions, 'Ready')?.status === 'True';
      if (ready() && !(before && ready(before))) readAnew(object.metadata.name);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function onExport(context: Context, cluster: string, namespace: string, name: string): void {
  const store = observedStore(context, cluster);
  if (!store) return;
  const exported = store.get(EXPORTS, namespace, name) !== undefined;
  const labels = { [sliceLabel.service]: name };
  const slices = exported ? store.list(SLICES, { namespace, labels }) : [];
  const kept = new Set(slices.map(({ metadata }) => sliceWorkName(namespace, metadata.name)));
  for (const work of collectedFor(context, cluster, 'ServiceExport', namespace, name))
    if (!kept.has(work.metadata.name)) releaseSlice(context.federation, work, 'ServiceExport');
  for (const slice of slices)
    if (!isManagedByKarmada(slice)) reportSlice(context, slice, cluster, 'ServiceExport');
}

function onSlice(context: Context, cluster: string, namespace: string, name: string): void {
  const store = observedStore(context, cluster);
  if (!store) return;
  const slice = store.get(SLICES, namespace, name);
  if (slice === undefined) {
    const work = context.federation.get(WORKS, executionSpace(cluster), sliceWorkName(namespace, name));
    if (work) releaseSlice(context.federation, work, 'ServiceExport');
    return;
  }
  const service = slice.metadata.labels?.[sliceLabel.service] ?? '';
  if (isManagedByKarmada(slice) || !store.get(EXPORTS, namespace, service)) return;
  reportSlice(context, slice, cluster, 'ServiceExport');
}

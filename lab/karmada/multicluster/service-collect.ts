/** endpointslice-collect: the slices of providers' own Services, for the MultiClusterServices that ask for them. */
import type { KubeObject } from '../../store.ts';
import { WORKS } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { clustersOfMember, observedStore } from '../members/access.ts';
import { clusterOfSpace, executionSpace } from '../names.ts';
import { createQueue, keyOf, splitKey } from '../queue.ts';
import { SLICES } from './apis.ts';
import { contentOf, isManagedByKarmada, releaseSlice, reportSlice, sliceWorkName } from './collected.ts';
import { mark, sliceLabel } from './marks.ts';

const KIND = 'MultiClusterService';

export function startServiceCollection(context: Context): () => void {
  const { federation, timings, world } = context;
  /** Keys are `cluster namespace/slice`. */
  const queue = createQueue(context, 'endpointslice-collect', timings.collectMs, (key) => {
    const [cluster = '', at = ''] = key.split(' ');
    if (context.settings().multiClusterService) collect(context, cluster, ...splitKey(at));
    return undefined;
  });

  /** A member that starts to provide. */
  function onWork(work: KubeObject): void {
    const cluster = clusterOfSpace(work.metadata.namespace);
    const service = contentOf(work, KIND);
    if (!service || cluster === undefined) return;
    const { namespace = '', name } = service.metadata;
    const labels = { [sliceLabel.service]: name };
    for (const slice of observedStore(context, cluster)?.list(SLICES, { namespace, labels }) ?? [])
      queue.add(`${cluster} ${keyOf(slice)}`);
  }

  const stops = [
    ...Object.entries(world.members).map(([member, store]) =>
      store.watch(({ resource, object }) => {
        if (resource !== SLICES) return;
        for (const cluster of clustersOfMember(context, member)) queue.add(`${cluster} ${keyOf(object)}`);
      }),
    ),
    inform(federation, [WORKS], ({ type, object }) => {
      if (type !== 'DELETED') onWork(object);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function collect(context: Context, cluster: string, namespace: string | undefined, name: string): void {
  const { federation } = context;
  const store = observedStore(context, cluster);
  if (!store) return;
  const slice = store.get(SLICES, namespace, name);
  if (slice === undefined) {
    const work = federation.get(WORKS, executionSpace(cluster), sliceWorkName(namespace, name));
    if (work) releaseSlice(federation, work, KIND);
    return;
  }
  const labels = {
    [mark.multiClusterName]: slice.metadata.labels?.[sliceLabel.service] ?? '',
    [mark.multiClusterNamespace]: namespace ?? '',
  };
  const asked = federation
    .list(WORKS, { namespace: executionSpace(cluster), labels })
    .some((work) => contentOf(work, KIND) && !work.metadata.deletionTimestamp);
  if (asked && !isManagedByKarmada(slice)) reportSlice(context, slice, cluster, KIND);
}

/** endpointslice-dispatch: collected slices → every other consumer, as `<provider>-<slice>` of its own Service. */
import type { KubeObject } from '../../store.ts';
import { CLUSTERS, clusterOf, WORKS } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { isReady } from '../members/access.ts';
import { clusterOfSpace, executionSpace, finalizer } from '../names.ts';
import { createQueue, keyOf, splitKey } from '../queue.ts';
import { writeWork } from '../works.ts';
import { MULTI_CLUSTER_SERVICES } from './apis.ts';
import { contentOf, withoutFinalizer } from './collected.ts';
import { manager, mark, multiClusterFinalizer, sliceLabel } from './marks.ts';
import { consumersOf, writeServiceCondition } from './service.ts';

export function startDispatch(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'endpointslice-dispatch', timings.aggregateMs, (key) => {
    const work = federation.get(WORKS, ...splitKey(key));
    if (work && context.settings().multiClusterService) dispatch(context, work);
    return undefined;
  });
  const addAll = () => {
    for (const work of federation.list(WORKS)) if (isCollected(work)) queue.add(keyOf(work));
  };
  const stops = [
    inform(federation, [WORKS], ({ type, object }) => {
      if (type !== 'DELETED' && isCollected(object)) queue.add(keyOf(object));
    }),
    inform(federation, [MULTI_CLUSTER_SERVICES, CLUSTERS], addAll),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

/** From a provider; what was dispatched to a consumer names where it came from. */
function isCollected(work: KubeObject): boolean {
  const { labels, annotations } = work.metadata;
  const marked = labels?.[mark.multiClusterName] ?? labels?.[mark.serviceName];
  return (
    Boolean(marked) && !annotations?.[mark.provisionCluster] && contentOf(work, 'EndpointSlice') !== undefined
  );
}

function dispatch(context: Context, work: KubeObject): void {
  const { federation } = context;
  const { labels = {}, deletionTimestamp, namespace: space } = work.metadata;
  const provider = clusterOfSpace(space) ?? '';
  const name = labels[mark.multiClusterName];
  const service =
    name === undefined
      ? undefined
      : federation.get(MULTI_CLUSTER_SERVICES, labels[mark.multiClusterNamespace], name);
  if (deletionTimestamp || name === undefined) {
    withdraw(context, work, provider, new Set());
    withoutFinalizer(federation, work, multiClusterFinalizer.dispatched);
    return;
  }
  if (!service) return;
  const consumers = consumersOf(service, context).filter((each) => each !== provider);
  withdraw(context, work, provider, new Set(consumers));
  for (const consumer of consumers) {
    const cluster = clusterOf(federation, consumer);
    if (cluster && isReady(cluster)) send(context, work, service, provider, consumer);
  }
  writeServiceCondition(context, service, {
    type: 'EndpointSliceDispatched',
    status: 'True',
    reason: 'EndpointSliceDispatchedSucceed',
    message: 'EndpointSlice are dispatched successfully',
  });
}

function send(
  { federation }: Context,
  work: KubeObject,
  service: KubeObject,
  provider: string,
  consumer: string,
): void {
  const slice = contentOf(work, 'EndpointSlice') as KubeObject;
  const { namespace = '', name } = service.metadata;
  const source = { [mark.provisionCluster]: provider };
  writeWork(federation, {
    metadata: {
      name: work.metadata.name,
      namespace: executionSpace(consumer),
      labels: { [mark.multiClusterName]: name, [mark.multiClusterNamespace]: namespace },
      annotations: source,
      finalizers: [finalizer.execution],
    },
    manifest: {
      ...slice,
      metadata: {
        name: `${provider}-${slice.metadata.name}`,
        namespace,
        labels: { [sliceLabel.service]: name, [sliceLabel.managedBy]: manager.dispatched },
        annotations: source,
      },
    },
  });
}

/** From consumers that are none any more. */
function withdraw(
  { federation }: Context,
  work: KubeObject,
  provider: string,
  kept: ReadonlySet<string>,
): void {
  for (const { metadata } of federation.list(WORKS))
    if (
      metadata.name === work.metadata.name &&
      metadata.annotations?.[mark.provisionCluster] === provider &&
      !kept.has(clusterOfSpace(metadata.namespace) ?? '') &&
      !metadata.deletionTimestamp
    )
      federation.remove(WORKS, metadata.namespace, metadata.name);
}

/**
 * multiclusterservice: takes the Service of the same name over from its policy, brings it to providers and consumers,
 * and leaves in every provider's space a Work that says whose slices to collect.
 */
import { randomUUID } from 'node:crypto';
import { timestamp } from '../../clock.ts';
import type { KubeObject } from '../../store.ts';
import { allClusters, CLUSTERS, clusterOf, WORKS } from '../bindings.ts';
import { withCondition } from '../conditions.ts';
import { type Context, Retry } from '../context.ts';
import { inform, isNewGeneration } from '../informer.ts';
import { isReady } from '../members/access.ts';
import { clusterOfSpace, executionSpace, label, workName } from '../names.ts';
import { createQueue, keyOf, splitKey } from '../queue.ts';
import type { Condition } from '../types.ts';
import { writeWork } from '../works.ts';
import { MULTI_CLUSTER_SERVICES, SERVICES } from './apis.ts';
import { collectedFor, contentOf, releaseSlice } from './collected.ts';
import { mark, multiClusterFinalizer } from './marks.ts';
import { giveBack, takeOver } from './takeover.ts';

const KIND = 'MultiClusterService';

export function startMultiClusterServices(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'multiclusterservice', timings.detectMs, (key) => {
    if (context.settings().multiClusterService) reconcile(context, ...splitKey(key));
    return undefined;
  });
  const stops = [
    inform(federation, [MULTI_CLUSTER_SERVICES], (change) => {
      const leaving = change.object.metadata.deletionTimestamp !== undefined;
      if (isNewGeneration(change) || leaving) queue.add(keyOf(change.object));
    }),
    inform(federation, [SERVICES], ({ object }) => {
      const { namespace, name } = object.metadata;
      if (federation.get(MULTI_CLUSTER_SERVICES, namespace, name)) queue.add(keyOf(object));
    }),
    inform(federation, [CLUSTERS], () => {
      for (const service of federation.peek(MULTI_CLUSTER_SERVICES)) queue.add(keyOf(service));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

export function providersOf(service: KubeObject, context: Context): string[] {
  return named(service.spec?.providerClusters, context);
}

export function consumersOf(service: KubeObject, context: Context): string[] {
  return named(service.spec?.consumerClusters, context);
}

/** None named: all there are. */
function named(clusters: { name: string }[] = [], { federation }: Context): string[] {
  return clusters.length > 0
    ? clusters.map(({ name }) => name)
    : allClusters(federation).map(({ metadata }) => metadata.name);
}

export function writeServiceCondition(
  { federation, clock }: Context,
  { metadata }: KubeObject,
  condition: Condition,
): void {
  if (!federation.get(MULTI_CLUSTER_SERVICES, metadata.namespace, metadata.name)) return;
  federation.update(MULTI_CLUSTER_SERVICES, metadata.namespace, metadata.name, (stored) => {
    const conditions = withCondition(stored.status?.conditions, condition, timestamp(clock.now()));
    stored.status = { ...stored.status, conditions };
  });
}

function reconcile(context: Context, namespace: string | undefined, name: string): void {
  const { federation } = context;
  const found = federation.get(MULTI_CLUSTER_SERVICES, namespace, name);
  if (!found) return;
  if (found.metadata.deletionTimestamp) {
    leave(context, found);
    return;
  }
  if (!found.spec?.types?.includes('CrossCluster')) return;
  const service = federation.update(MULTI_CLUSTER_SERVICES, namespace, name, ({ metadata }) => {
    metadata.labels = { [mark.multiClusterId]: randomUUID(), ...metadata.labels };
    metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), multiClusterFinalizer.service])];
  });
  try {
    provide(context, service);
    takeOver(context, service, targetsOf(context, service));
    writeServiceCondition(
      context,
      service,
      applied('True', 'ServiceAppliedSucceed', 'Service is propagated to target clusters.'),
    );
  } catch (error) {
    if (error instanceof Retry)
      writeServiceCondition(context, service, applied('False', 'ServiceAppliedFailed', error.message));
    throw error;
  }
}

const applied = (status: Condition['status'], reason: string, message: string): Condition => ({
  type: 'ServiceApplied',
  status,
  reason,
  message,
});

const targetsOf = (context: Context, service: KubeObject): string[] =>
  [...new Set([...providersOf(service, context), ...consumersOf(service, context)])].sort();

/** Works that carry the MultiClusterService itself, never dispatched; those of former providers go. */
function provide(context: Context, service: KubeObject): void {
  const { federation } = context;
  const { namespace = '', name, labels = {} } = service.metadata;
  const providers = providersOf(service, context);
  for (const cluster of providers) {
    const joined = clusterOf(federation, cluster);
    if (!joined || !isReady(joined)) continue;
    writeWork(federation, {
      metadata: {
        name: workName(KIND, name, namespace),
        namespace: executionSpace(cluster),
        labels: {
          [mark.multiClusterId]: labels[mark.multiClusterId] ?? '',
          [mark.multiClusterName]: name,
          [mark.multiClusterNamespace]: namespace,
          [label.workId]: randomUUID(),
        },
      },
      manifest: {
        apiVersion: service.apiVersion,
        kind: KIND,
        metadata: { name, namespace },
        spec: service.spec,
      },
      suspendDispatching: true,
    });
  }
  dismiss(context, service, new Set(providers));
}

function dismiss(context: Context, service: KubeObject, kept: ReadonlySet<string>): void {
  const { federation } = context;
  const { namespace = '', name, labels } = service.metadata;
  const id = labels?.[mark.multiClusterId];
  if (id === undefined) return;
  for (const work of federation.list(WORKS, { labels: { [mark.multiClusterId]: id } })) {
    const cluster = clusterOfSpace(work.metadata.namespace);
    if (!contentOf(work, KIND) || cluster === undefined || kept.has(cluster)) continue;
    for (const slice of collectedFor(context, cluster, KIND, namespace, name))
      releaseSlice(federation, slice, KIND);
    if (!work.metadata.deletionTimestamp)
      federation.remove(WORKS, work.metadata.namespace, work.metadata.name);
  }
}

function leave(context: Context, service: KubeObject): void {
  const { federation } = context;
  const { namespace, name } = service.metadata;
  giveBack(context, service);
  dismiss(context, service, new Set());
  federation.update(MULTI_CLUSTER_SERVICES, namespace, name, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((each) => each !== multiClusterFinalizer.service) ?? [];
  });
}

/**
 * A Cluster that joins gets an execution space; one whose Ready condition is not True gets Karmada's own
 * NoSchedule taint; one that is deleted is left only when its execution space is empty and no binding names it.
 */
import { timestamp } from '../../clock.ts';
import { allBindings, CLUSTERS, clusterOf, WORKS } from '../bindings.ts';
import { conditionOf } from '../conditions.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { executionSpace, finalizer, label } from '../names.ts';
import { createQueue } from '../queue.ts';
import { sameTaint } from '../taints.ts';
import type { ClusterObject, Taint } from '../types.ts';

const notReady: Taint = { key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' };
const unreachable: Taint = { key: 'cluster.karmada.io/unreachable', effect: 'NoSchedule' };

export function startMembership(context: Context): () => void {
  const { federation, timings, clock } = context;
  const queue = createQueue(context, 'cluster', timings.clusterMs, (key) => {
    const cluster = clusterOf(federation, key);
    if (!cluster) return undefined;
    if (cluster.metadata.deletionTimestamp) return leave(context, cluster);
    createExecutionSpace(context, key);
    federation.update(CLUSTERS, undefined, key, (object) => {
      const { metadata, spec } = object as ClusterObject;
      if (!metadata.finalizers?.includes(finalizer.cluster))
        metadata.finalizers = [...(metadata.finalizers ?? []), finalizer.cluster];
      const taints = ownTaints(object as ClusterObject, timestamp(clock.now()));
      if (taints.length > 0 || spec.taints) spec.taints = taints;
    });
    return undefined;
  });
  const stop = inform(federation, [CLUSTERS], ({ object }) => queue.add(object.metadata.name));
  return () => {
    stop();
    queue.stop();
  };
}

function ownTaints(cluster: ClusterObject, now: string): Taint[] {
  const status = conditionOf(cluster.status?.conditions, 'Ready')?.status;
  const wanted = status === 'True' ? undefined : status === 'Unknown' ? unreachable : notReady;
  const before = cluster.spec.taints ?? [];
  const isOwn = (taint: Taint) => sameTaint(taint, notReady) || sameTaint(taint, unreachable);
  const kept = before.filter((taint) => !isOwn(taint) || (wanted && sameTaint(taint, wanted)));
  const there = wanted === undefined || kept.some((taint) => sameTaint(taint, wanted));
  return there ? kept : [...kept, { ...wanted, timeAdded: now }];
}

function createExecutionSpace({ federation }: Context, cluster: string): void {
  const name = executionSpace(cluster);
  if (federation.get('core/namespaces', undefined, name)) return;
  const labels = { [label.system]: 'true' };
  federation.create('core/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

function leave({ federation, timings }: Context, { metadata: { name } }: ClusterObject): number | undefined {
  const space = executionSpace(name);
  const namespace = federation.get('core/namespaces', undefined, space);
  if (namespace && !namespace.metadata.deletionTimestamp)
    federation.remove('core/namespaces', undefined, space);
  const works = federation.list(WORKS, { namespace: space });
  for (const { metadata } of works)
    if (!metadata.deletionTimestamp) federation.remove(WORKS, space, metadata.name);
  const scheduled = allBindings(federation).some((binding) =>
    binding.spec.clusters?.some((target) => target.name === name),
  );
  if (works.length > 0 || scheduled) return timings.cleanupCheckMs;
  federation.update(CLUSTERS, undefined, name, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((each) => each !== finalizer.cluster) ?? [];
  });
  return undefined;
}

/**
 * Application failover: a cluster that reports the workload Unhealthy for longer than tolerated is evicted. It does
 * not ask why: survivors whose new pods are still starting, or have no room, are Unhealthy too (the cascade).
 */
import { BINDINGS, bindingOf, CLUSTER_BINDINGS, updateBinding } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { createQueue, keyOf } from '../queue.ts';
import type { ApplicationFailover, Binding, EvictionTask } from '../types.ts';
import { evict } from './evict.ts';

/** decisionConditions.tolerationSeconds */
const DEFAULT_TOLERATION_SECONDS = 300;

export function startApplicationFailover(context: Context): () => void {
  const { federation, clock } = context;
  /** Binding → cluster → since when it is seen Unhealthy. Kept in memory only: a restart begins anew. */
  const unhealthy = new Map<string, Map<string, number>>();

  const queue = createQueue(context, 'application-failover', 0, (key) => {
    const binding = bindingOf(federation, key);
    const failover = binding && failoverOf(context, binding);
    if (!failover) {
      unhealthy.delete(key);
      return undefined;
    }
    const since = unhealthy.get(key) ?? new Map<string, number>();
    unhealthy.set(key, since);
    const toleratedMs = (failover.decisionConditions?.tolerationSeconds ?? DEFAULT_TOLERATION_SECONDS) * 1000;
    const failing = failingClusters(binding);
    const waits: number[] = [];
    const expired: string[] = [];
    for (const cluster of failing) {
      const start = since.get(cluster) ?? clock.now();
      since.set(cluster, start);
      const left = start + toleratedMs - clock.now();
      if (left < 0) expired.push(cluster);
      else waits.push(left + 1);
    }
    if (expired.length > 0)
      updateBinding(federation, key, ({ spec }) => {
        for (const cluster of expired) evict(spec, cluster, taskOf(failover));
      });
    forget(since, binding, expired);
    return waits.length > 0 ? Math.min(...waits) : undefined;
  });

  const stop = inform(federation, [BINDINGS, CLUSTER_BINDINGS], ({ object }) => {
    if ((object as Binding).spec.failover?.application || unhealthy.has(keyOf(object)))
      queue.add(keyOf(object));
  });
  return () => {
    stop();
    queue.stop();
  };
}

/** Only with the gate on, for a binding that carries its dependencies along. */
function failoverOf({ settings }: Context, { spec, metadata }: Binding): ApplicationFailover | undefined {
  if (!settings().failover || metadata.deletionTimestamp || !spec.propagateDeps) return undefined;
  return spec.failover?.application;
}

function failingClusters({ spec, status }: Binding): string[] {
  const evicting = new Set(spec.gracefulEvictionTasks?.map((task) => task.fromCluster));
  return (status?.aggregatedStatus ?? [])
    .filter(({ health, clusterName }) => health === 'Unhealthy' && !evicting.has(clusterName))
    .map(({ clusterName }) => clusterName);
}

/** Clusters that recovered, that were evicted, and that it is not on any more. */
function forget(since: Map<string, number>, { spec, status }: Binding, evicted: readonly string[]): void {
  const targets = new Set(spec.clusters?.map(({ name }) => name));
  const fine = status?.aggregatedStatus?.filter(({ health }) => health !== 'Unhealthy') ?? [];
  for (const cluster of since.keys())
    if (!targets.has(cluster) || evicted.includes(cluster)) since.delete(cluster);
  for (const { clusterName } of fine) since.delete(clusterName);
}

function taskOf({
  purgeMode = 'Gracefully',
  gracePeriodSeconds,
}: ApplicationFailover): Omit<EvictionTask, 'fromCluster'> {
  return {
    purgeMode,
    reason: 'ApplicationFailure',
    producer: 'resource-binding-application-failover-controller',
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(purgeMode === 'Never' && { suppressDeletion: true }),
  };
}

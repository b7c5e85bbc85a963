/** One scheduling decision, without side effects. */
import type { Binding, ClusterAffinity, ClusterObject, TargetCluster } from '../types.ts';
import { divide } from './divide.ts';
import { isRebalance } from './due.ts';
import { misfit } from './fit.ts';
import { roomFor } from './room.ts';
import { chooseClusters } from './spread.ts';

/** No cluster fits: what is placed is taken away, and nothing is tried again until something changes. */
export class NoClusterFit extends Error {}

export interface Decision {
  clusters: TargetCluster[];
  /** Of ordered affinities, the one that was used. */
  affinityName?: string;
}

/**
 * Throws NoClusterFit, NoRoom or Unspreadable. Ordered affinities are tried from the one that was used last: the
 * scheduler never comes back to an earlier one by itself.
 */
export function schedule(binding: Binding, clusters: readonly ClusterObject[]): Decision {
  const { spec } = binding;
  const ordered = spec.placement?.clusterAffinity ? undefined : spec.placement?.clusterAffinities;
  if (!ordered?.length) return { clusters: place(binding, clusters, spec.placement?.clusterAffinity) };
  const used = ordered.findIndex(
    ({ affinityName }) => affinityName === binding.status?.schedulerObservingAffinityName,
  );
  let first: unknown;
  for (const affinity of ordered.slice(Math.max(0, used)))
    try {
      return { clusters: place(binding, clusters, affinity), affinityName: affinity.affinityName };
    } catch (error) {
      first ??= error;
    }
  throw first;
}

function place(
  binding: Binding,
  clusters: readonly ClusterObject[],
  affinity: ClusterAffinity | undefined,
): TargetCluster[] {
  const { spec } = binding;
  const joined = clusters.filter(({ metadata }) => !metadata.deletionTimestamp);
  const reasons = new Map(joined.map((cluster) => [cluster, misfit(cluster, spec, affinity)]));
  const fitting = joined.filter((cluster) => reasons.get(cluster) === undefined);
  if (fitting.length === 0) throw new NoClusterFit(fitMessage(clusters.length, [...reasons.values()]));
  const candidates = fitting.map((cluster) => ({ cluster, room: roomFor(cluster, spec) }));
  return divide({ spec, candidates: chooseClusters(spec, candidates), fresh: isRebalance(binding) });
}

/** `0/3 clusters are available: 1 cluster(s) had untolerated taint {…}, 2 cluster(s) did not …` */
function fitMessage(all: number, reasons: (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const told = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${all} clusters are available: ${told.length > 0 ? told.join(', ') : 'no cluster exists'}.`;
}

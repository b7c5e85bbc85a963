/** How many replicas each selected cluster gets. */
import { clusterMatches } from '../selectors.ts';
import type { BindingSpec, ClusterObject, StaticWeight, TargetCluster } from '../types.ts';
import { strategyOf } from './strategy.ts';
import { divideByWebster } from './webster.ts';

/** A cluster that fits, and how many more replicas it has room for. */
export interface Candidate {
  cluster: ClusterObject;
  room: number;
}

export interface Division {
  spec: BindingSpec;
  candidates: readonly Candidate[];
  /** A rebalance: what was placed before is not looked at (only dynamic division ever looks). */
  fresh: boolean;
}

/** Thrown when the clusters that fit have no room; retried, never cleaned up. */
export class NoRoom extends Error {}

export function divide({ spec, candidates, fresh }: Division): TargetCluster[] {
  const names = candidates.map(({ cluster }) => cluster.metadata.name);
  if (!isWorkload(spec)) return names.map((name) => ({ name }));
  const replicas = spec.replicas ?? 0;
  const strategy = strategyOf(spec.placement);
  if (strategy === 'Duplicated') return names.map((name) => ({ name, replicas })).filter(hasReplicas);
  if (strategy === 'StaticWeight')
    // Static weights recompute everything at every occasion: scale, edit, eviction, rebalance alike.
    return toTargets(divideByWebster(replicas, staticWeights(spec, candidates), spec.resource.uid));
  return divideByRoom({ spec, candidates, fresh }, strategy === 'Aggregated');
}

/** Only what has replicas or asks for resources is divided; a Service goes everywhere it fits. */
export function isWorkload(spec: BindingSpec): boolean {
  return (spec.replicas ?? 0) > 0 || spec.replicaRequirements !== undefined;
}

/** The greatest weight of the rules that match; clusters without one get nothing, all get 1 when none has one. */
function staticWeights(spec: BindingSpec, candidates: readonly Candidate[]): Record<string, number> {
  const rules = spec.placement?.replicaScheduling?.weightPreference?.staticWeightList ?? [];
  const weights = candidates.map(({ cluster }) => [cluster.metadata.name, weightOf(cluster, rules)] as const);
  const weighted = weights.filter(([, weight]) => weight > 0);
  return Object.fromEntries(weighted.length > 0 ? weighted : weights.map(([name]) => [name, 1]));
}

function weightOf(cluster: ClusterObject, rules: readonly StaticWeight[]): number {
  const matching = rules.filter((rule) => clusterMatches(cluster, rule.targetCluster));
  return Math.max(0, ...matching.map((rule) => rule.weight));
}

function divideByRoom({ spec, candidates, fresh }: Division, aggregated: boolean): TargetCluster[] {
  const replicas = spec.replicas ?? 0;
  const uid = spec.resource.uid;
  const before = (spec.clusters ?? []).filter(({ name }) =>
    candidates.some(({ cluster }) => cluster.metadata.name === name),
  );
  const placed = before.reduce((sum, target) => sum + (target.replicas ?? 0), 0);
  if (!fresh && placed === replicas) return before;
  // Scaling down shrinks in proportion; everything else fills up the room there is.
  if (!fresh && placed > replicas)
    return toTargets(divideByWebster(replicas, leading(toRoom(before), replicas, aggregated), uid));
  const kept = fresh ? [] : before;
  const more = fresh ? replicas : replicas - placed;
  const rooms = roomiestFirst(candidates, fresh ? before : [], kept);
  const all = rooms.reduce((sum, [, room]) => sum + room, 0);
  if (all < more) throw new NoRoom(`Clusters available replicas ${all} are not enough to schedule.`);
  return merge(kept, toTargets(divideByWebster(more, leading(rooms, more, aggregated), uid)));
}

type Room = readonly [name: string, room: number];

/** A fresh division counts what is placed already as room; an increment prefers clusters it is on already. */
function roomiestFirst(
  candidates: readonly Candidate[],
  freed: readonly TargetCluster[],
  preferred: readonly TargetCluster[],
): Room[] {
  const rooms = candidates.map(({ cluster: { metadata }, room }): Room => {
    const own = freed.find((target) => target.name === metadata.name)?.replicas ?? 0;
    return [metadata.name, room + own];
  });
  const isPreferred = ([name]: Room) => preferred.some((target) => target.name === name);
  return rooms.sort((a, b) => Number(isPreferred(b)) - Number(isPreferred(a)) || b[1] - a[1]);
}

function toRoom(targets: readonly TargetCluster[]): Room[] {
  return targets.map(({ name, replicas = 0 }): Room => [name, replicas]).sort((a, b) => b[1] - a[1]);
}

/** Aggregated takes only as many clusters as it needs. */
function leading(rooms: readonly Room[], replicas: number, aggregated: boolean): Record<string, number> {
  if (!aggregated) return Object.fromEntries(rooms);
  let sum = 0;
  return Object.fromEntries(
    rooms.filter(([, room]) => {
      const needed = sum < replicas;
      sum += room;
      return needed;
    }),
  );
}

function merge(before: readonly TargetCluster[], more: readonly TargetCluster[]): TargetCluster[] {
  const sums = new Map<string, number>();
  for (const { name, replicas = 0 } of [...before, ...more]) sums.set(name, (sums.get(name) ?? 0) + replicas);
  return [...sums].map(([name, replicas]) => ({ name, replicas }));
}

function toTargets(shares: readonly { name: string; replicas: number }[]): TargetCluster[] {
  return shares.map(({ name, replicas }) => ({ name, replicas })).filter(hasReplicas);
}

/** A cluster that gets nothing is not in the binding. */
function hasReplicas({ replicas = 0 }: TargetCluster): boolean {
  return replicas > 0;
}

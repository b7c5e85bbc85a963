/** Spread constraints: how many clusters are chosen of those that fit. */
import type { BindingSpec, SpreadConstraint } from '../types.ts';
import type { Candidate } from './divide.ts';
import { strategyOf } from './strategy.ts';

/** Thrown when too few clusters fit; retried, never cleaned up. */
export class Unspreadable extends Error {}

/** Static weights ignore spread constraints in 1.18: every cluster that fits takes part. */
export function chooseClusters(spec: BindingSpec, fitting: readonly Candidate[]): Candidate[] {
  const constraints = spec.placement?.spreadConstraints ?? [];
  const strategy = strategyOf(spec.placement);
  const sorted = [...fitting].sort(byLocalityThenRoom(spec));
  if (constraints.length === 0 || strategy === 'StaticWeight') return sorted;
  const byCluster = constraints.find(({ spreadByField = 'cluster' }) => spreadByField === 'cluster');
  const byRegion = constraints.find(({ spreadByField }) => spreadByField === 'region');
  if (byRegion) return chooseByRegion(sorted, byRegion, byCluster);
  if (!byCluster) throw new Unspreadable('just support cluster and region spread constraint');
  const chosen = chooseByCluster(sorted, byCluster);
  return strategy === 'Duplicated' ? chosen : withRoom(sorted, chosen, spec.replicas ?? 0);
}

/** Where it runs already comes first, then who has more room, then the name. */
function byLocalityThenRoom(spec: BindingSpec): (a: Candidate, b: Candidate) => number {
  const placed = (name: string) => Number(spec.clusters?.some((target) => target.name === name) ?? false);
  return ({ cluster: { metadata: a }, room: roomA }, { cluster: { metadata: b }, room: roomB }) =>
    placed(b.name) - placed(a.name) || roomB - roomA || (a.name < b.name ? -1 : 1);
}

function chooseByCluster(sorted: readonly Candidate[], constraint: SpreadConstraint): Candidate[] {
  if (sorted.length < (constraint.minGroups ?? 1))
    throw new Unspreadable('the number of feasible clusters is less than spreadConstraint.MinGroups');
  return sorted.slice(0, constraint.maxGroups || sorted.length);
}

/** Replaces the last of the chosen by roomier ones until all replicas have room. */
function withRoom(sorted: readonly Candidate[], chosen: readonly Candidate[], replicas: number): Candidate[] {
  const picked = [...chosen];
  const rest = sorted.slice(chosen.length);
  for (let last = picked.length - 1; last >= 0 && total(picked) < replicas; last--) {
    const roomiest = rest.reduce((best, each, at) => (each.room > (rest[best]?.room ?? -1) ? at : best), -1);
    const replacement = rest[roomiest];
    const replaced = picked[last];
    if (!replacement || !replaced || replacement.room <= replaced.room) continue;
    picked[last] = replacement;
    rest[roomiest] = replaced;
  }
  if (total(picked) < replicas)
    throw new Unspreadable(`no enough resource when selecting ${picked.length} clusters`);
  return picked;
}

function total(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { room }) => sum + room, 0);
}

/** The regions with the most room, the best cluster of each first, then more while the cluster rule allows. */
function chooseByRegion(
  sorted: readonly Candidate[],
  { minGroups = 1, maxGroups }: SpreadConstraint,
  byCluster: SpreadConstraint | undefined,
): Candidate[] {
  const regions = new Map<string, Candidate[]>();
  for (const candidate of sorted) {
    const region = candidate.cluster.spec.region ?? '';
    regions.set(region, [...(regions.get(region) ?? []), candidate]);
  }
  if (regions.size < minGroups)
    throw new Unspreadable('the number of feasible region is less than spreadConstraint.MinGroups');
  const chosen = [...regions.values()]
    .sort((a, b) => total(b) - total(a))
    .slice(0, maxGroups || regions.size);
  const firsts = chosen.flatMap((region) => region.slice(0, 1));
  const others = chosen.flatMap((region) => region.slice(1));
  return chooseByCluster([...firsts, ...others], byCluster ?? {});
}

/** What a policy's placement asks for: which clusters fit, and how many replicas each gets. */
import type { Cluster, ClusterAffinity, Placement, Spread } from '../ports/federation.ts';
import { divide } from './webster.ts';

type Requirement = { key: string; operator: string; values?: string[] };

export function matches(affinity: ClusterAffinity, cluster: Cluster): boolean {
  if (affinity.exclude?.includes(cluster.name)) return false;
  if (affinity.clusterNames?.length && !affinity.clusterNames.includes(cluster.name)) return false;
  const { matchLabels = {}, matchExpressions = [] } = affinity.labelSelector ?? {};
  const fields: Record<string, string | undefined> = { provider: cluster.provider, region: cluster.region };
  return (
    Object.entries(matchLabels).every(([key, value]) => cluster.labels[key] === value) &&
    matchExpressions.every((one) => fits(one, listOf(cluster.labels[one.key]))) &&
    (affinity.fieldSelector?.matchExpressions ?? []).every((one) =>
      fits(one, one.key === 'zone' ? cluster.zones : listOf(fields[one.key])),
    )
  );
}

const listOf = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

function fits({ operator, values = [] }: Requirement, found: string[]): boolean {
  if (operator === 'Exists') return found.length > 0;
  if (operator === 'DoesNotExist') return found.length === 0;
  const among = found.length > 0 && found.every((value) => values.includes(value));
  return operator === 'NotIn' ? !among : among;
}

/** Clusters that fit, by the first group of ordered affinities that has any. */
function candidates(placement: Placement, clusters: Cluster[]): Cluster[] {
  const group = groupOf(placement, clusters);
  return group ? clusters.filter((cluster) => matches(group, cluster)) : [];
}

function groupOf(placement: Placement, clusters: Cluster[]): ClusterAffinity | undefined {
  const groups = placement.clusterAffinities ?? [placement.clusterAffinity ?? {}];
  return groups.find((group) => clusters.some((cluster) => matches(group, cluster)));
}

/**
 * The placement with no more of its ordered groups than the one that is to be used: written first, it is what brings
 * the scheduler to that group, since it starts at the group it used last while that is in the list. Afterwards the
 * whole placement may stand again: the group in use has not changed, so nothing is scheduled.
 */
export function landingOn(placement: Placement, clusters: Cluster[]): Placement {
  const group = placement.clusterAffinities && groupOf(placement, clusters);
  return group ? { ...placement, clusterAffinities: [group] } : placement;
}

/**
 * The spread that the placement gives, or undefined when it hangs on what only the scheduler knows (dynamic
 * weights, Aggregated).
 * @param clusters the joined clusters that count: leave one out to see the spread without it.
 */
export function spreadBy(
  placement: Placement,
  clusters: Cluster[],
  replicas: number,
  uid: string,
): Spread | undefined {
  const fitting = candidates(placement, clusters);
  const strategy = placement.replicaScheduling;
  if (strategy?.replicaSchedulingType !== 'Divided')
    return Object.fromEntries(fitting.map((cluster) => [cluster.name, replicas]));
  if (strategy.replicaDivisionPreference !== 'Weighted' || strategy.weightPreference?.dynamicWeight)
    return undefined;
  return dropZeros(divide(replicas, weightsOf(placement, fitting), uid));
}

/** Weights of the clusters that fit; without any rule all weigh the same. */
function weightsOf(placement: Placement, fitting: Cluster[]): Spread {
  const rules = placement.replicaScheduling?.weightPreference?.staticWeightList ?? [];
  const weighed = fitting.map((cluster): [string, number] => [
    cluster.name,
    Math.max(0, ...rules.filter((rule) => matches(rule.targetCluster, cluster)).map((rule) => rule.weight)),
  ]);
  const some = weighed.some(([, weight]) => weight > 0);
  return Object.fromEntries(some ? weighed : fitting.map((cluster) => [cluster.name, 1]));
}

export function dropZeros(spread: Spread): Spread {
  return Object.fromEntries(Object.entries(spread).filter(([, replicas]) => replicas > 0));
}

export function sameSpread(one: Spread, other: Spread): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? 0) === (other[name] ?? 0));
}

export const sumOf = (spread: Spread): number => Object.values(spread).reduce((sum, one) => sum + one, 0);

/** `aks1 5, aks2 3, k3s 1` in the fleet's order. */
export function spreadText(spread: Spread, members: string[]): string {
  const names = new Set([...members, ...Object.keys(spread)]);
  return [...names].map((name) => `${name} ${spread[name] ?? 0}`).join(', ');
}

/** The same placement without one cluster; everything else of it stays. */
export function placementWithout(placement: Placement, cluster: string): Placement {
  const { clusterAffinity, clusterAffinities } = placement;
  if (clusterAffinities)
    return { ...placement, clusterAffinities: clusterAffinities.map((one) => leaveOut(one, cluster)) };
  return { ...placement, clusterAffinity: leaveOut(clusterAffinity ?? {}, cluster) };
}

/** A list of names that became empty would mean every cluster, so then the exclusion does it. */
function leaveOut(affinity: ClusterAffinity, cluster: string): ClusterAffinity {
  const left = affinity.clusterNames?.filter((name) => name !== cluster);
  if (left?.length) return { ...affinity, clusterNames: left };
  return { ...affinity, exclude: [...new Set([...(affinity.exclude ?? []), cluster])] };
}

/** A placement that gives exactly this spread when the replicas are its sum. */
export function placementOf(base: Placement, spread: Spread): Placement {
  const names = Object.keys(dropZeros(spread));
  const { clusterAffinities: _, ...rest } = base;
  return {
    ...rest,
    clusterAffinity: { clusterNames: names },
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference: {
        staticWeightList: names.map((name) => ({
          targetCluster: { clusterNames: [name] },
          weight: spread[name]!,
        })),
      },
    },
  };
}

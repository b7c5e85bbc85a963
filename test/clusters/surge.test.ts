import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dropZeros, placementWithout, spreadBy, sumOf } from '../../activities/karmada/placement.ts';
import { planSurge, type SurgePlan } from '../../activities/karmada/surge.ts';
import { divide } from '../../activities/karmada/webster.ts';
import type { Cluster, Placement, Spread } from '../../activities/ports/federation.ts';

const names = ['aks1', 'aks2', 'k3s', 'edge', 'far'];

const cluster = (name: string): Cluster => ({
  name,
  ready: true,
  why: '',
  readySinceMs: 0,
  syncMode: 'Push',
  labels: { tier: name.startsWith('aks') ? 'cloud' : 'edge' },
  zones: [],
  taints: [],
  deleting: false,
});

const weighted = (weights: Spread): Placement => ({
  clusterAffinity: { clusterNames: Object.keys(weights) },
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: {
      staticWeightList: Object.entries(weights).map(([name, weight]) => ({
        targetCluster: { clusterNames: [name] },
        weight,
      })),
    },
  },
});

const weightsOf = fc
  .array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 })
  .map((list) => Object.fromEntries(list.map((weight, index) => [names[index]!, weight])));
const uids = fc.uuid();

/** The fewest pods that are ready while one spread becomes the other: each cluster keeps the smaller number. */
const kept = (from: Spread, to: Spread): number =>
  Object.keys(from).reduce((sum, name) => sum + Math.min(from[name] ?? 0, to[name] ?? 0), 0);

/** The spreads one after the other, as the scheduler will make them. */
function course(plan: SurgePlan, clusters: Cluster[], uid: string): Spread[] {
  return [
    plan.spread,
    ...plan.stages.map((stage) => spreadBy(stage.placement, clusters, stage.replicas, uid)!),
  ];
}

function neverUnder(wanted: number, plan: SurgePlan, clusters: Cluster[], uid: string): void {
  const spreads = course(plan, clusters, uid);
  for (const [index, spread] of spreads.entries())
    if (index > 0) expect(kept(spreads[index - 1]!, spread)).toBeGreaterThanOrEqual(wanted);
  expect(dropZeros(spreads.at(-1)!)).toEqual(plan.target);
  for (const [index, stage] of plan.stages.entries())
    if (stage.spread) expect(dropZeros(spreads[index + 1]!)).toEqual(dropZeros(stage.spread));
}

it('divides nine as Karmada does', () => {
  expect(divide(9, { aks1: 5, aks2: 3, k3s: 1 }, '')).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
  expect(divide(9, { aks2: 3, k3s: 1 }, '')).toEqual({ aks2: 7, k3s: 2 });
});

it('never takes a replica away when there are more of them, and gives exactly what is asked by weights', () => {
  fc.assert(
    fc.property(weightsOf, fc.integer({ min: 0, max: 60 }), uids, (weights, replicas, uid) => {
      const fewer = divide(replicas, weights, uid);
      const more = divide(replicas + 1, weights, uid);
      expect(sumOf(fewer)).toBe(replicas);
      expect(Object.keys(weights).every((name) => more[name]! >= fewer[name]!)).toBe(true);
      expect(divide(sumOf(weights), weights, uid)).toEqual(weights);
    }),
  );
});

it('the measured surge: 14, weights shifted, aks1 dropped, 9', () => {
  const before = weighted({ aks1: 5, aks2: 3, k3s: 1 });
  const clusters = ['aks1', 'aks2', 'k3s'].map(cluster);
  const now = { spread: { aks1: 5, aks2: 3, k3s: 1 }, placement: before, replicas: 9 };
  const plan = planSurge(now, { placement: placementWithout(before, 'aks1'), replicas: 9 }, clusters, '')!;
  expect(plan.target).toEqual({ aks2: 7, k3s: 2 });
  expect(plan.stages.map((stage) => stage.replicas)).toEqual([14, 14, 14, 9]);
});

it('evacuates without ever falling under the wanted number', () => {
  fc.assert(
    fc.property(weightsOf, fc.integer({ min: 1, max: 40 }), uids, (weights, replicas, uid) => {
      const placement = weighted(weights);
      const clusters = Object.keys(weights).map(cluster);
      const spread = spreadBy(placement, clusters, replicas, uid)!;
      const final = { placement: placementWithout(placement, 'aks1'), replicas };
      neverUnder(replicas, planSurge({ spread, placement, replicas }, final, clusters, uid)!, clusters, uid);
    }),
  );
});

it('comes back from any spread and ends with exactly the policy and replicas as they were', () => {
  const drifts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(weightsOf, drifts, uids, (weights, drift, uid) => {
      const placement = weighted(weights);
      const clusters = Object.keys(weights).map(cluster);
      const spread = Object.fromEntries(clusters.map(({ name }, index) => [name, drift[index]!]));
      const replicas = sumOf(spread);
      fc.pre(replicas > 0);
      const plan = planSurge(
        { spread: dropZeros(spread), placement, replicas },
        { placement, replicas },
        clusters,
        uid,
      )!;
      neverUnder(replicas, plan, clusters, uid);
      expect(plan.stages.at(-1)).toMatchObject({ placement, replicas });
    }),
  );
});

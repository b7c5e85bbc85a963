import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { valueAt } from '../../activities/karmada/check-override.ts';
import { matches, placementWithout, spreadBy } from '../../activities/karmada/placement.ts';
import { impossibleBudgets } from '../../activities/kubernetes/budgets.ts';
import { changedFields, covers, reversal } from '../../activities/kubernetes/fields.ts';
import { freeOn, take } from '../../activities/kubernetes/room.ts';
import type { Cluster } from '../../activities/ports/federation.ts';
import type { DisruptionBudget, Node, Pod } from '../../activities/ports/member.ts';
import { millicores, quantity } from '../../adapters/kubernetes/quantity.ts';

const cluster = (name: string, labels: Record<string, string> = {}): Cluster => ({
  name,
  ready: true,
  why: '',
  readySinceMs: 0,
  syncMode: 'Push',
  labels,
  zones: ['a'],
  region: 'korea',
  taints: [],
  deleting: false,
});

const pod = (name: string, labels: Record<string, string>): Pod => ({
  namespace: 'demo',
  name,
  uid: name,
  node: 'node',
  phase: 'Running',
  ready: true,
  terminating: false,
  labels,
  mirror: false,
  requests: { cpu: 500, memory: 0 },
});

describe('placement', () => {
  it('matches by names, exclusion, labels and fields', () => {
    const one = cluster('aks1', { tier: 'cloud' });
    expect(matches({ clusterNames: ['aks1'] }, one)).toBe(true);
    expect(matches({ clusterNames: ['aks1'], exclude: ['aks1'] }, one)).toBe(false);
    expect(matches({ labelSelector: { matchLabels: { tier: 'edge' } } }, one)).toBe(false);
    expect(
      matches(
        { labelSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['cloud'] }] } },
        one,
      ),
    ).toBe(true);
    expect(
      matches(
        { fieldSelector: { matchExpressions: [{ key: 'region', operator: 'NotIn', values: ['korea'] }] } },
        one,
      ),
    ).toBe(false);
  });

  it('weighs by labels as well as by names', () => {
    const rule = (tier: string, weight: number) => ({
      targetCluster: { labelSelector: { matchLabels: { tier } } },
      weight,
    });
    const placement = {
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { staticWeightList: [rule('big', 5), rule('middle', 3), rule('small', 1)] },
      },
    };
    const clusters = [
      cluster('aks1', { tier: 'big' }),
      cluster('aks2', { tier: 'middle' }),
      cluster('k3s', { tier: 'small' }),
    ];
    expect(spreadBy(placement, clusters, 9, '')).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
  });

  it('takes the next group of ordered affinities when the first has no cluster', () => {
    const placement = {
      clusterAffinities: [
        { affinityName: 'primary', clusterNames: ['aks1'] },
        { affinityName: 'secondary', clusterNames: ['k3s'] },
      ],
    };
    expect(spreadBy(placement, [cluster('aks1'), cluster('k3s')], 2, '')).toEqual({ aks1: 2 });
    expect(spreadBy(placement, [cluster('k3s')], 2, '')).toEqual({ k3s: 2 });
  });

  it('leaves a cluster out even where the list of names would become empty, which means all', () => {
    const left = placementWithout({ clusterAffinity: { clusterNames: ['aks1'] } }, 'aks1');
    expect(matches(left.clusterAffinity!, cluster('aks1'))).toBe(false);
    expect(matches(left.clusterAffinity!, cluster('k3s'))).toBe(false);
  });

  it('cannot foretell what only the scheduler knows', () => {
    const replicaScheduling = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' };
    expect(spreadBy({ replicaScheduling }, [cluster('aks1')], 2, '')).toBeUndefined();
  });
});

describe('disruption budgets', () => {
  const budget: DisruptionBudget = {
    namespace: 'demo',
    name: 'hello',
    selector: { app: 'hello' },
    minAvailable: '2',
    healthy: 3,
    desiredHealthy: 2,
    expected: 3,
    allowed: 1,
  };
  const three = ['a', 'b', 'c'].map((name) => pod(name, { app: 'hello' }));

  it('can never be met when all pods are to go at once', () => {
    const [found] = impossibleBudgets([budget], three, [], false);
    expect(found?.arithmetic).toContain('minAvailable 2 of 3 pods = 2 must stay healthy');
    expect(found?.arithmetic).toContain('so 2 can never go');
  });

  it('can be met one after the other where nodes are left, but not when none may go at all', () => {
    expect(impossibleBudgets([budget], three, [], true)).toEqual([]);
    const strict = { ...budget, minAvailable: '3', desiredHealthy: 3, allowed: 0 };
    expect(impossibleBudgets([strict], three, [], true)).toHaveLength(1);
  });

  it('does not concern pods of others', () => {
    expect(impossibleBudgets([budget], [pod('x', { app: 'other' })], [], false)).toEqual([]);
  });
});

describe('room', () => {
  const node = (name: string, cpu: number): Node => ({
    name,
    uid: name,
    schedulable: true,
    ready: true,
    labels: {},
    allocatable: { cpu, memory: 1e9, pods: 10 },
    object: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
  });

  it('counts by node, not by sum: two halves do not make a whole', () => {
    const free = freeOn([node('a', 750), node('b', 750)], []);
    expect(take(free, { cpu: 500, memory: 0 }, 3)).toBe(2);
    expect(take(free, { cpu: 500, memory: 0 }, 1)).toBe(0);
  });

  it('counts neither cordoned nodes nor what is taken', () => {
    expect(freeOn([{ ...node('a', 1000), schedulable: false }], [])).toEqual([]);
    expect(freeOn([node('node', 1000)], [pod('a', {})])).toEqual([{ cpu: 500, memory: 1e9, pods: 9 }]);
  });
});

describe('fields', () => {
  it('puts back what was changed, leaves what others changed since, and says so', () => {
    const written = { spec: { replicas: 9, image: 'new', paused: true } };
    const before = { spec: { replicas: 3, image: 'old' }, status: {} };
    const now = { spec: { replicas: 9, image: 'theirs', paused: true, extra: 1 }, status: {} };
    expect(reversal(written, before, now)).toEqual({
      patch: { spec: { replicas: 3, paused: null } },
      left: [{ path: 'spec.image', before: 'old', now: 'theirs' }],
    });
  });

  it('has nothing to put back where the manifest held already', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (written, more) => {
          const before = { ...more, ...written };
          expect(covers(written, before)).toBe(true);
          expect(reversal(written, before, before)).toEqual({ patch: undefined, left: [] });
          expect(changedFields(written, before, before)).toEqual([]);
        },
      ),
    );
  });
});

it('reads quantities', () => {
  expect(millicores('250m')).toBe(250);
  expect(millicores('1.5')).toBe(1500);
  expect(quantity('128Mi')).toBe(128 * 2 ** 20);
  expect(quantity('1e3')).toBe(1000);
  expect(quantity(undefined)).toBe(0);
});

it('follows a path by name and by place', () => {
  const object = { spec: { containers: [{ name: 'a' }, { name: 'hello', image: 'x' }] } };
  expect(valueAt(object, 'spec.containers[name=hello].image')).toBe('x');
  expect(valueAt(object, 'spec.containers[0].name')).toBe('a');
  expect(valueAt(object, 'spec.nothing[0].name')).toBeUndefined();
});

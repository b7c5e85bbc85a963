import { describe, expect, test } from '@jest/globals';
import '../realm.ts';
import { NoRoom } from '../../../../lab/karmada/scheduling/divide.ts';
import { isDue } from '../../../../lab/karmada/scheduling/due.ts';
import { NoClusterFit, schedule } from '../../../../lab/karmada/scheduling/schedule.ts';
import { Unspreadable } from '../../../../lab/karmada/scheduling/spread.ts';
import type { Binding, BindingSpec, ClusterObject, Placement } from '../../../../lab/karmada/types.ts';
import { FIVE_THREE_ONE } from '../lab.ts';

function cluster(name: string, spec: Partial<ClusterObject['spec']> = {}, cpu = '10'): ClusterObject {
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels: { tier: name === 'k3s' ? 'edge' : 'cloud' } },
    spec: { ...spec },
    status: {
      apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ name: 'deployments', kind: 'Deployment' }] }],
      resourceSummary: { allocatable: { cpu, pods: '100' } },
    },
  };
}

const clusters = ['aks1', 'aks2', 'k3s'].map((name) => cluster(name));

function binding(
  placement: Placement,
  spec: Partial<BindingSpec> = {},
  status: Binding['status'] = {},
): Binding {
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { name: 'hello-deployment', namespace: 'demo', generation: 1 },
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'hello' },
      replicas: 9,
      replicaRequirements: { resourceRequest: { cpu: '1' } },
      placement,
      ...spec,
    },
    status,
  };
}

function placed(of: Binding, on: ClusterObject[] = clusters): string {
  return schedule(of, on)
    .clusters.map(({ name, replicas }) => `${name}=${replicas}`)
    .sort()
    .join(' ');
}

describe('which clusters fit', () => {
  test('by name, by label, by exclusion, by field', () => {
    const by = (clusterAffinity: Placement['clusterAffinity']) =>
      placed(binding({ ...(clusterAffinity && { clusterAffinity }) }), [
        cluster('aks1', { region: 'koreacentral', zones: ['1', '2'] }),
        cluster('aks2', { region: 'japaneast' }),
        cluster('k3s'),
      ]);
    expect(by({ clusterNames: ['aks1'] })).toBe('aks1=9');
    expect(by({ labelSelector: { matchLabels: { tier: 'edge' } } })).toBe('k3s=9');
    expect(by({ exclude: ['k3s', 'aks2'] })).toBe('aks1=9');
    expect(
      by({ labelSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['edge'] }] } }),
    ).toBe('aks1=9 aks2=9');
    const field = (
      key: string,
      operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
      values: string[] = [],
    ) => by({ fieldSelector: { matchExpressions: [{ key, operator, values }] } });
    expect(field('region', 'In', ['japaneast'])).toBe('aks2=9');
    expect(field('zone', 'In', ['2', '9'])).toBe('aks1=9');
    expect(field('zone', 'DoesNotExist')).toBe('aks2=9 k3s=9');
  });

  test('a taint repels what is not there yet and leaves what is', () => {
    const tainted = [cluster('aks1', { taints: [{ key: 'x', effect: 'NoSchedule' }] }), ...clusters.slice(1)];
    expect(placed(binding(FIVE_THREE_ONE), tainted)).toBe('aks2=7 k3s=2');
    const there = binding(FIVE_THREE_ONE, { clusters: [{ name: 'aks1', replicas: 5 }] });
    expect(placed(there, tainted)).toBe('aks1=5 aks2=3 k3s=1');
    const tolerant = { ...FIVE_THREE_ONE, clusterTolerations: [{ key: 'x', operator: 'Exists' as const }] };
    expect(placed(binding(tolerant), tainted)).toBe('aks1=5 aks2=3 k3s=1');
  });

  test('a missing API, a pending eviction, a cluster that is leaving', () => {
    const without = { ...cluster('aks1'), status: {} };
    expect(placed(binding(FIVE_THREE_ONE), [without, ...clusters.slice(1)])).toBe('aks2=7 k3s=2');
    const gracefulEvictionTasks = [{ fromCluster: 'aks1', reason: '', producer: '' }];
    expect(placed(binding(FIVE_THREE_ONE, { gracefulEvictionTasks }))).toBe('aks2=7 k3s=2');
    const leaving = cluster('aks1');
    leaving.metadata.deletionTimestamp = '2026-11-02T03:00:00Z';
    expect(placed(binding(FIVE_THREE_ONE), [leaving, ...clusters.slice(1)])).toBe('aks2=7 k3s=2');
  });

  test('none: the reasons are counted', () => {
    const nowhere = binding({ clusterAffinity: { clusterNames: ['x'] } });
    expect(() => schedule(nowhere, clusters)).toThrow(NoClusterFit);
    expect(() => schedule(nowhere, clusters)).toThrow(
      '0/3 clusters are available: 3 cluster(s) did not match the placement cluster affinity constraint.',
    );
    expect(() => schedule(nowhere, [])).toThrow('0/0 clusters are available: no cluster exists.');
  });

  test('ordered affinities: from the one used last on', () => {
    const clusterAffinities = [
      { affinityName: 'first', clusterNames: ['x'] },
      { affinityName: 'second', clusterNames: ['aks2'] },
      { affinityName: 'third', clusterNames: ['k3s'] },
    ];
    expect(schedule(binding({ clusterAffinities }), clusters).affinityName).toBe('second');
    const later = binding({ clusterAffinities }, {}, { schedulerObservingAffinityName: 'third' });
    expect(schedule(later, clusters).clusters).toEqual([{ name: 'k3s', replicas: 9 }]);
  });
});

describe('how replicas are divided', () => {
  const divided = (preference: 'Weighted' | 'Aggregated', dynamic = false): Placement => ({
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: preference,
      ...(dynamic && { weightPreference: { dynamicWeight: 'AvailableReplicas' } }),
    },
  });

  test('Duplicated: all of them everywhere; a Service has none', () => {
    expect(placed(binding({}))).toBe('aks1=9 aks2=9 k3s=9');
    const { replicas: _replicas, replicaRequirements: _requirements, ...service } = binding({}).spec;
    expect(schedule({ ...binding({}), spec: service }, clusters).clusters).toEqual([
      { name: 'aks1' },
      { name: 'aks2' },
      { name: 'k3s' },
    ]);
  });

  test('Weighted without weights: evenly; the greatest of several matching weights counts; none matching gets none', () => {
    expect(placed(binding(divided('Weighted')))).toBe('aks1=3 aks2=3 k3s=3');
    const staticWeightList = [
      { targetCluster: { clusterNames: ['aks1'] }, weight: 1 },
      { targetCluster: { labelSelector: { matchLabels: { tier: 'cloud' } } }, weight: 2 },
    ];
    const placement = divided('Weighted');
    Object.assign(placement.replicaScheduling ?? {}, { weightPreference: { staticWeightList } });
    expect(placed(binding(placement, { replicas: 8 }))).toBe('aks1=4 aks2=4');
  });

  test('dynamic weights follow the room there is; aggregated takes as few clusters as will do', () => {
    const rooms = [cluster('aks1', {}, '12'), cluster('aks2', {}, '6'), cluster('k3s', {}, '0')];
    expect(placed(binding(divided('Weighted', true)), rooms)).toBe('aks1=6 aks2=3');
    expect(placed(binding(divided('Aggregated')), rooms)).toBe('aks1=9');
    expect(() => schedule(binding(divided('Aggregated'), { replicas: 99 }), rooms)).toThrow(NoRoom);
  });

  test('dynamic division keeps what is placed when it scales up; a rebalance does not', () => {
    const rooms = [cluster('aks1', {}, '12'), cluster('aks2', {}, '6'), cluster('k3s', {}, '0')];
    const before = { clusters: [{ name: 'aks2', replicas: 5 }], replicas: 6 };
    expect(placed(binding(divided('Aggregated'), before), rooms)).toBe('aks2=6');
    const rescheduleTriggeredAt = '2026-11-02T03:00:09Z';
    const fresh = binding(
      divided('Aggregated'),
      { ...before, rescheduleTriggeredAt },
      { lastScheduledTime: '2026-11-02T03:00:08Z' },
    );
    expect(placed(fresh, rooms)).toBe('aks1=6');
  });

  test('spread constraints limit duplicated clusters; static weights ignore them', () => {
    const spreadConstraints = [{ spreadByField: 'cluster' as const, minGroups: 2, maxGroups: 2 }];
    expect(placed(binding({ spreadConstraints }))).toBe('aks1=9 aks2=9');
    expect(placed(binding({ ...FIVE_THREE_ONE, spreadConstraints }))).toBe('aks1=5 aks2=3 k3s=1');
    expect(() => schedule(binding({ spreadConstraints }), clusters.slice(0, 1))).toThrow(Unspreadable);
  });

  test('spread over regions: one cluster of each first', () => {
    const spreadConstraints = [
      { spreadByField: 'region' as const, minGroups: 2, maxGroups: 2 },
      { spreadByField: 'cluster' as const, minGroups: 2, maxGroups: 2 },
    ];
    const regional = [
      cluster('aks1', { region: 'kr' }),
      cluster('aks2', { region: 'kr' }),
      cluster('aks3', { region: 'jp' }),
    ];
    expect(placed(binding({ spreadConstraints }), regional)).toBe('aks1=9 aks3=9');
  });
});

describe('when a binding is scheduled again', () => {
  const settled = binding(FIVE_THREE_ONE, {
    clusters: [
      { name: 'aks1', replicas: 5 },
      { name: 'aks2', replicas: 4 },
    ],
  });
  const none = new Set<string>();

  test('not while its placement, its sum and its clusters stay, whatever clusters do', () => {
    expect(isDue(settled, FIVE_THREE_ONE, none)).toBe(false);
  });

  test('an edit, a scale, a leaving cluster, a rebalance', () => {
    expect(isDue(settled, { ...FIVE_THREE_ONE, clusterTolerations: [] }, none)).toBe(true);
    expect(isDue({ ...settled, spec: { ...settled.spec, replicas: 10 } }, FIVE_THREE_ONE, none)).toBe(true);
    expect(isDue(settled, FIVE_THREE_ONE, new Set(['aks1']))).toBe(true);
    const asked = (at: string) => ({
      ...settled,
      spec: { ...settled.spec, rescheduleTriggeredAt: at },
      status: { lastScheduledTime: '2026-11-02T03:00:08Z' },
    });
    expect(isDue(asked('2026-11-02T03:00:08Z'), FIVE_THREE_ONE, none)).toBe(false);
    expect(isDue(asked('2026-11-02T03:00:09Z'), FIVE_THREE_ONE, none)).toBe(true);
  });

  test('of ordered affinities only an edit of the one in use', () => {
    const groups = (second: string) => ({
      clusterAffinities: [
        { affinityName: 'a', clusterNames: ['aks1'] },
        { affinityName: 'b', clusterNames: [second] },
      ],
      replicaScheduling: FIVE_THREE_ONE.replicaScheduling ?? {},
    });
    const inUse = (name: string) =>
      binding(
        groups('aks2'),
        { clusters: [{ name: 'aks1', replicas: 9 }] },
        { schedulerObservingAffinityName: name },
      );
    expect(isDue(inUse('a'), groups('k3s'), none)).toBe(false);
    expect(isDue(inUse('b'), groups('k3s'), none)).toBe(true);
  });
});

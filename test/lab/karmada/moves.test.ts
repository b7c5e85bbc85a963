/** "What moves 9 replicas at static weights 5/3/1": a test a row. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  applyHello,
  binding,
  cluster,
  drain,
  FIVE_THREE_ONE,
  helloLab,
  join,
  type Lab,
  MEMBERS,
  NO_EXECUTE,
  object,
  place,
  ready,
  readyOn,
  rebalance,
  scale,
  scheduled,
  startLab,
  taint,
  uncordon,
  watch,
  weights,
} from './lab.ts';

const AWAY = weights({ aks2: 3, k3s: 1 });
const FAILOVER = {
  placement: FIVE_THREE_ONE,
  propagateDeps: true,
  failover: { application: { decisionConditions: { tolerationSeconds: 10 } } },
};

let lab: Lab;
afterEach(() => lab.stop());

test('apply namespace, Deployment, Service, policy: 5/3/1', () => {
  lab = startLab();
  join(lab, ...MEMBERS);
  applyHello(lab);
  const bound = watch(lab, 2000, () => scheduled(lab) === '5/3/1');
  expect(bound.afterMs).toBeLessThanOrEqual(500);
  expect(watch(lab, 5000, () => ready(lab) === '5/3/1').afterMs).toBeLessThanOrEqual(3100);
});

test('drain: stays 5/3/1, 5 Pending, the Cluster stays Ready, the binding says Unhealthy 0/5', () => {
  lab = helloLab();
  drain(lab, 'aks1');
  const seen = watch(lab, 60_000);
  expect(seen.spreads).toEqual(['5/3/1']);
  expect(seen.least).toBe(4);
  expect(ready(lab)).toBe('0/3/1');
  expect(cluster(lab, 'aks1').status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', status: 'True' }),
  );
  const [aks1] = binding(lab).status?.aggregatedStatus ?? [];
  expect(aks1).toMatchObject({
    clusterName: 'aks1',
    health: 'Unhealthy',
    status: { unavailableReplicas: 5 },
  });
});

describe('application failover, tolerationSeconds 10', () => {
  test('drain: 0/7/2 by Karmada alone after 10.5 s', () => {
    lab = helloLab({ policy: FAILOVER });
    drain(lab, 'aks1');
    const moved = watch(lab, 20_000, () => scheduled(lab) === '0/7/2');
    expect(moved.afterMs).toBeGreaterThan(10_000);
    expect(moved.afterMs).toBeLessThan(10_600);
    expect(watch(lab, 5000, () => ready(lab) === '0/7/2').afterMs).toBeLessThan(3000);
    expect(moved.least).toBe(4);
  });

  test('gate off: nothing moves', () => {
    lab = helloLab({ policy: FAILOVER, settings: { failover: false } });
    drain(lab, 'aks1');
    expect(watch(lab, 30_000).spreads).toEqual(['5/3/1']);
  });

  test('without propagateDeps: nothing moves', () => {
    lab = helloLab({ policy: { ...FAILOVER, propagateDeps: false } });
    drain(lab, 'aks1');
    expect(watch(lab, 30_000).spreads).toEqual(['5/3/1']);
  });

  test('all Node objects deleted: pods count as ready until the pod collector, then 0/7/2', () => {
    lab = helloLab({ policy: FAILOVER });
    const aks1 = lab.world.members.aks1;
    for (const node of aks1?.list('core/nodes') ?? [])
      aks1?.remove('core/nodes', undefined, node.metadata.name);
    expect(watch(lab, 55_000).spreads).toEqual(['5/3/1']);
    expect(cluster(lab, 'aks1').status?.nodeSummary).toEqual({});
    const moved = watch(lab, 40_000, () => scheduled(lab) === '0/7/2');
    expect(moved.afterMs).toBeGreaterThan(10_000);
  });
});

describe('NoExecute taint', () => {
  test('the race lost: 0/7/2 after 0.07-0.23 s, least 4', () => {
    lab = helloLab({ settings: { ungracefulRace: 'lose' } });
    taint(lab, 'aks1', [NO_EXECUTE]);
    expect(watch(lab, 1000, () => scheduled(lab) === '0/7/2').afterMs).toBeLessThanOrEqual(230);
    const seen = watch(lab, 5000, () => ready(lab) === '0/7/2');
    expect(seen.least).toBe(4);
    expect(seen.afterMs).toBeLessThan(2900);
  });

  test('the race won: least 9', () => {
    lab = helloLab({ settings: { ungracefulRace: 'keep' } });
    taint(lab, 'aks1', [NO_EXECUTE]);
    expect(watch(lab, 5000, () => ready(lab) === '0/7/2').least).toBe(9);
  });

  test('alternate: both, one after the other', () => {
    lab = helloLab({ settings: { ungracefulRace: 'alternate' } });
    const least = ['away', 'away again'].map((name) => {
      taint(lab, 'aks1', [NO_EXECUTE]);
      const away = watch(lab, 8000).least;
      taint(lab, 'aks1', []);
      lab.clock.advance(2000);
      rebalance(lab, name.replace(' ', '-'));
      lab.clock.advance(8000);
      expect(ready(lab)).toBe('5/3/1');
      return away;
    });
    expect(least).toEqual([4, 9]);
  });

  test.each([{ failover: false }, { noExecuteTaintEviction: false }])('%j: nothing moves', (settings) => {
    lab = helloLab({ settings });
    taint(lab, 'aks1', [NO_EXECUTE]);
    expect(watch(lab, 30_000).spreads).toEqual(['5/3/1']);
  });

  test('tolerated for a time by the placement: moves when it is over', () => {
    const clusterTolerations = [{ key: 'firedrill', operator: 'Exists', tolerationSeconds: 20 }];
    lab = helloLab({ policy: { placement: { ...FIVE_THREE_ONE, clusterTolerations } } });
    const timeAdded = new Date(lab.clock.now()).toISOString();
    taint(lab, 'aks1', [{ ...NO_EXECUTE, timeAdded }]);
    expect(watch(lab, 19_000).spreads).toEqual(['5/3/1']);
    expect(watch(lab, 3000).spreads.at(-1)).toBe('0/7/2');
  });

  test('removed: replicas stay 0/7/2, the Service comes back', () => {
    lab = helloLab();
    taint(lab, 'aks1', [NO_EXECUTE]);
    lab.clock.advance(8000);
    expect(lab.world.members.aks1?.get('core/services', 'demo', 'hello')).toBeUndefined();
    taint(lab, 'aks1', []);
    expect(watch(lab, 60_000).spreads).toEqual(['0/7/2']);
    expect(lab.world.members.aks1?.get('core/services', 'demo', 'hello')).toBeDefined();
  });
});

test('NoSchedule taint: stays', () => {
  lab = helloLab();
  taint(lab, 'aks1', [{ key: 'firedrill', effect: 'NoSchedule' }]);
  expect(watch(lab, 30_000)).toMatchObject({ spreads: ['5/3/1'], least: 9 });
});

test('WorkloadRebalancer: back to 5/3/1 after 0.07-0.13 s, least 4', () => {
  lab = helloLab();
  place(lab, AWAY);
  lab.clock.advance(5000);
  taint(lab, 'aks1', [{ key: 'firedrill', effect: 'NoSchedule' }]);
  place(lab, FIVE_THREE_ONE);
  lab.clock.advance(5000);
  expect(scheduled(lab)).toBe('0/7/2');
  taint(lab, 'aks1', []);
  lab.clock.advance(5000);
  rebalance(lab);
  expect(watch(lab, 1000, () => scheduled(lab) === '5/3/1').afterMs).toBeLessThanOrEqual(130);
  const seen = watch(lab, 5000, () => ready(lab) === '5/3/1');
  expect(seen.least).toBe(4);
  expect(seen.afterMs).toBeLessThan(2600);
});

test('placement edited to leave aks1 out, and put back: 0/7/2 and 5/3/1, 4 and 4', () => {
  lab = helloLab();
  place(lab, AWAY);
  expect(watch(lab, 1000, () => scheduled(lab) === '0/7/2').afterMs).toBeLessThanOrEqual(200);
  expect(watch(lab, 5000, () => ready(lab) === '0/7/2').least).toBe(4);
  place(lab, FIVE_THREE_ONE);
  expect(watch(lab, 5000, () => ready(lab) === '5/3/1').least).toBe(4);
});

test('surge there and back: nothing lost', () => {
  lab = helloLab();
  const steps: (() => void)[] = [
    () => scale(lab, 14),
    () => place(lab, weights({ aks1: 5, aks2: 7, k3s: 2 })),
    () => place(lab, AWAY),
    () => scale(lab, 9),
  ];
  const least = (all: (() => void)[]) =>
    Math.min(...all.map((step) => [step(), watch(lab, 4000).least][1] as number));
  expect(least(steps)).toBe(9);
  expect(ready(lab)).toBe('0/7/2');
  const back = [
    () => scale(lab, 14),
    () => place(lab, weights({ aks1: 5, aks2: 7, k3s: 2 })),
    () => place(lab, FIVE_THREE_ONE),
    () => scale(lab, 9),
  ];
  expect(least(back)).toBe(9);
  expect(ready(lab)).toBe('5/3/1');
});

describe("aks1's API server", () => {
  test.each([
    ['api-gone', 30_000, 41_000],
    ['partition', 62_000, 90_000],
  ])(
    '%s: Ready=False only after a while, brings only not-ready:NoSchedule, replicas stay',
    (kind, from, to) => {
      lab = helloLab();
      lab.world.faults.add({ kind, target: 'aks1' });
      const isReady = () =>
        cluster(lab, 'aks1').status?.conditions?.find(({ type }) => type === 'Ready')?.status;
      const seen = watch(lab, 120_000, () => isReady() === 'False');
      expect(seen.afterMs).toBeGreaterThanOrEqual(from);
      expect(seen.afterMs).toBeLessThanOrEqual(to);
      lab.clock.advance(30_000);
      expect(cluster(lab, 'aks1').spec.taints).toMatchObject([
        { key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' },
      ]);
      expect(scheduled(lab)).toBe('5/3/1');
      expect(binding(lab).status?.aggregatedStatus?.[0]).toMatchObject({ health: 'Healthy' });
    },
  );

  test('with a ClusterTaintPolicy NoExecute on Ready!=True: 0/7/2', () => {
    lab = helloLab();
    const policy = object('policy.karmada.io/v1alpha1', 'ClusterTaintPolicy', { name: 'dead' });
    const when = (operator: string) => [{ conditionType: 'Ready', operator, statusValues: ['True'] }];
    policy.spec = {
      taints: [{ key: 'dead', effect: 'NoExecute' }],
      addOnConditions: when('NotIn'),
      removeOnConditions: when('In'),
    };
    lab.federation.create('policy.karmada.io/clustertaintpolicies', policy);
    lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
    const seen = watch(lab, 60_000, () => scheduled(lab) === '0/7/2');
    expect(seen.afterMs).toBeGreaterThan(30_000);
    expect(seen.afterMs).toBeLessThan(41_000);
  });
});

test("member's Deployment scaled to 0 by hand: Karmada puts 5 back", () => {
  lab = helloLab();
  lab.world.members.aks1?.update('apps/deployments', 'demo', 'hello', ({ spec }) => {
    spec.replicas = 0;
  });
  lab.clock.advance(500);
  expect(lab.world.members.aks1?.get('apps/deployments', 'demo', 'hello')?.spec.replicas).toBe(5);
  expect(watch(lab, 5000, () => ready(lab) === '5/3/1').afterMs).toBeLessThan(2500);
});

test("OverridePolicy image on k3s, and removed: the member's image, rolling", () => {
  lab = helloLab();
  const policy = object('policy.karmada.io/v1alpha1', 'OverridePolicy', { name: 'edge', namespace: 'demo' });
  policy.spec = {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello' }],
    overrideRules: [
      {
        targetCluster: { labelSelector: { matchLabels: { tier: 'edge' } } },
        overriders: { imageOverrider: [{ component: 'Tag', operator: 'replace', value: 'plain-text' }] },
      },
    ],
  };
  lab.federation.create('policy.karmada.io/overridepolicies', policy);
  const image = (name: string) =>
    lab.world.members[name]?.get('apps/deployments', 'demo', 'hello')?.spec.template.spec.containers[0].image;
  const changed = watch(lab, 3000, () => image('k3s') === 'nginxdemos/hello:plain-text');
  expect(changed.afterMs).toBeLessThanOrEqual(300);
  expect(image('aks1')).toBe('nginxdemos/hello:0.4');
  expect(watch(lab, 8000).least).toBeGreaterThanOrEqual(9);
  lab.federation.remove('policy.karmada.io/overridepolicies', 'demo', 'edge');
  lab.clock.advance(5000);
  expect(image('k3s')).toBe('nginxdemos/hello:0.4');
  expect(readyOn(lab, 'k3s')).toBe(1);
});

test('ordered clusterAffinities: goes to the next group and does not come back, whatever a rebalancer says', () => {
  const clusterAffinities = [
    { affinityName: 'primary', clusterNames: ['aks1'] },
    { affinityName: 'secondary', clusterNames: ['aks2', 'k3s'] },
  ];
  const { replicaScheduling } = FIVE_THREE_ONE;
  lab = helloLab({ policy: { placement: { clusterAffinities, replicaScheduling } } });
  expect(scheduled(lab)).toBe('9/0/0');
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(5000);
  expect(scheduled(lab)).toBe('0/7/2');
  expect(binding(lab).status?.schedulerObservingAffinityName).toBe('secondary');
  taint(lab, 'aks1', []);
  lab.clock.advance(5000);
  rebalance(lab);
  lab.clock.advance(5000);
  expect(
    lab.federation.get('apps.karmada.io/workloadrebalancers', undefined, 'rebalance')?.status,
  ).toMatchObject({
    observedWorkloads: [{ result: 'Successful' }],
  });
  expect(scheduled(lab)).toBe('0/7/2');
});

test('undone drain: uncordoned nodes take the Pending pods', () => {
  lab = helloLab();
  drain(lab, 'aks1');
  lab.clock.advance(5000);
  uncordon(lab, 'aks1');
  expect(watch(lab, 5000, () => ready(lab) === '5/3/1').afterMs).toBeLessThan(3000);
});

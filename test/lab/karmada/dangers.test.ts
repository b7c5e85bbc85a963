/** "Dangers a drill must know", and how the state reads meanwhile: a test a line. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  binding,
  cluster,
  drain,
  FIVE_THREE_ONE,
  helloLab,
  type Lab,
  NO_EXECUTE,
  object,
  place,
  ready,
  readyOn,
  rebalance,
  scale,
  scheduled,
  taint,
  watch,
  weights,
} from './lab.ts';

let lab: Lab;
afterEach(() => lab.stop());

const FAILOVER = {
  placement: FIVE_THREE_ONE,
  propagateDeps: true,
  failover: { application: { decisionConditions: { tolerationSeconds: 10 } } },
};

describe('cascade', () => {
  test('survivor without room: aks2 evicted as well, 7 put back on the drained aks1, then all 9 on k3s; least 2', () => {
    // 3 pods of 100m beside the 20m every node's logger takes.
    const world = { clusters: { aks2: { nodes: 1, cpu: '400m' } } };
    lab = helloLab({ policy: FAILOVER, settings: { ungracefulRace: 'lose' }, world });
    expect(ready(lab)).toBe('5/3/1');
    drain(lab, 'aks1');
    const seen = watch(lab, 60_000);
    expect(seen.spreads.filter((spread) => sum(spread) === 9)).toEqual(['5/3/1', '0/7/2', '7/0/2', '0/0/9']);
    expect(seen.least).toBe(2);
    expect(readyOn(lab, 'aks2')).toBe(0);
  });

  test('the race kept: aks2 is evicted all the same, but its healthy pods stay until others are ready', () => {
    const world = { clusters: { aks2: { nodes: 1, cpu: '400m' } } };
    lab = helloLab({ policy: FAILOVER, settings: { ungracefulRace: 'keep' }, world });
    drain(lab, 'aks1');
    const seen = watch(lab, 60_000);
    expect(seen.spreads.filter((spread) => sum(spread) === 9)).toEqual(['5/3/1', '0/7/2', '0/0/9']);
    expect(seen.series).toEqual(['0/3/1', '0/3/2', '0/3/9', '0/0/9']);
    expect(seen.least).toBe(4);
  });

  test('start-up longer than tolerationSeconds: the survivor is evicted while its pods are starting', () => {
    lab = helloLab({ policy: FAILOVER, settings: { ungracefulRace: 'lose' } });
    lab.world.faults.add({ kind: 'pod-start-slow', target: 'aks2', options: { ms: 20_000 } });
    drain(lab, 'aks1');
    expect(watch(lab, 30_000).spreads).toContain('7/0/2');
  });

  function sum(spread: string): number {
    return spread.split('/').reduce((total, part) => total + Number(part), 0);
  }
});

test('a rebalance onto cordoned nodes is done all the same: 5 Pending, 4 ready', () => {
  lab = helloLab();
  place(lab, weights({ aks2: 3, k3s: 1 }));
  lab.clock.advance(5000);
  drain(lab, 'aks1');
  place(lab, FIVE_THREE_ONE);
  lab.clock.advance(10_000);
  expect(scheduled(lab)).toBe('5/3/1');
  expect(ready(lab)).toBe('0/3/1');
});

test('a NoExecute taint hits every tenant and takes cluster-wide resources away, unless tolerated', () => {
  lab = helloLab();
  const kinds = (name: string, clusterTolerations?: object[]) => {
    lab.federation.create('apiextensions.k8s.io/customresourcedefinitions', crd(name));
    const policy = object('policy.karmada.io/v1alpha1', 'ClusterPropagationPolicy', { name });
    const selector = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
    policy.spec = {
      resourceSelectors: [{ ...selector, name: `${name}.example.com` }],
      placement: {
        clusterAffinity: { clusterNames: ['aks1', 'aks2'] },
        ...(clusterTolerations && { clusterTolerations }),
      },
    };
    lab.federation.create('policy.karmada.io/clusterpropagationpolicies', policy);
  };
  kinds('exports');
  kinds('imports', [{ key: 'firedrill', operator: 'Exists' }]);
  lab.clock.advance(12_000);
  const on = (name: string) =>
    lab.world.members.aks1?.get(
      'apiextensions.k8s.io/customresourcedefinitions',
      undefined,
      `${name}.example.com`,
    );
  expect(on('exports')).toBeDefined();
  expect(cluster(lab, 'aks1').status?.apiEnablements).toContainEqual(
    expect.objectContaining({ groupVersion: 'example.com/v1' }),
  );
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(5000);
  expect(on('exports')).toBeUndefined();
  expect(on('imports')).toBeDefined();
});

function crd(plural: string) {
  const found = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
    name: `${plural}.example.com`,
  });
  found.spec = {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural, kind: plural, singular: plural },
    versions: [{ name: 'v1', served: true, storage: true }],
  };
  return found;
}

test("a patch that drops Karmada's own taint: put back 60 ms later", () => {
  lab = helloLab();
  lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
  lab.clock.advance(60_000);
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(61);
  expect(cluster(lab, 'aks1').spec.taints).toMatchObject([
    { key: 'firedrill' },
    { key: 'cluster.karmada.io/not-ready' },
  ]);
});

test('after an outage with eviction the old Deployment goes only when the back-off comes round: 14 pods until then', () => {
  lab = helloLab({ settings: { ungracefulRace: 'lose' } });
  const fault = lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
  lab.clock.advance(40_000);
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(80_000);
  expect(ready(lab)).toBe('5/7/2');
  lab.world.faults.remove(fault);
  const seen = watch(lab, 200_000, () => readyOn(lab, 'aks1') === 0);
  expect(seen.afterMs).toBeGreaterThan(30_000);
  expect(seen.afterMs).toBeLessThan(120_000);
});

test('while an API is down the sum on the federation has stale parts: 14/14 of 9', () => {
  lab = helloLab({ settings: { ungracefulRace: 'keep' } });
  lab.world.faults.add({ kind: 'api-gone', target: 'aks1' });
  lab.clock.advance(40_000);
  taint(lab, 'aks1', [NO_EXECUTE]);
  lab.clock.advance(10_000);
  expect(scheduled(lab)).toBe('0/7/2');
  expect(lab.federation.get('apps/deployments', 'demo', 'hello')?.status).toMatchObject({
    replicas: 14,
    readyReplicas: 14,
  });
});

test('a placement edit can put replicas back on a drained cluster', () => {
  lab = helloLab({ policy: FAILOVER, settings: { ungracefulRace: 'lose' } });
  drain(lab, 'aks1');
  lab.clock.advance(20_000);
  expect(scheduled(lab)).toBe('0/7/2');
  scale(lab, 10);
  lab.clock.advance(1000);
  expect(scheduled(lab)).not.toMatch(/^0/);
});

test('no fitting cluster left: NoClusterFit, the old workload is deleted, and nothing is retried', () => {
  lab = helloLab({
    policy: { placement: { ...FIVE_THREE_ONE, clusterAffinity: { clusterNames: ['aks1'] } } },
  });
  expect(ready(lab)).toBe('9/0/0');
  place(lab, { ...FIVE_THREE_ONE, clusterAffinity: { clusterNames: ['elsewhere'] } });
  lab.clock.advance(5000);
  expect(binding(lab).status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Scheduled', status: 'False', reason: 'NoClusterFit' }),
  );
  expect(lab.world.members.aks1?.get('apps/deployments', 'demo', 'hello')).toBeUndefined();
  expect(binding(lab).status?.schedulerObservedGeneration).not.toBe(binding(lab).metadata.generation);
});

describe('reading the state', () => {
  test('for 60 ms after a taint the sum is 4', () => {
    lab = helloLab();
    taint(lab, 'aks1', [NO_EXECUTE]);
    expect(watch(lab, 2000).spreads).toEqual(['5/3/1', '0/3/1', '0/7/2']);
  });

  test('for about 150 ms every condition reads fine while no member has changed', () => {
    lab = helloLab();
    place(lab, weights({ aks2: 3, k3s: 1 }));
    let fineMs = 0;
    for (let passed = 0; passed < 1000; passed += 10) {
      lab.clock.advance(10);
      const { spec, status, metadata } = binding(lab);
      const observed = status?.schedulerObservedGeneration === metadata.generation;
      const targets = new Set(spec.clusters?.map(({ name }) => name));
      const items = status?.aggregatedStatus?.filter(({ clusterName }) => targets.has(clusterName)) ?? [];
      const healthy = items.every(({ health, applied }) => health === 'Healthy' && applied);
      const conditions = status?.conditions?.every((condition) => condition.status === 'True');
      if (scheduled(lab) === '0/7/2' && observed && healthy && conditions && ready(lab) === '5/3/1')
        fineMs += 10;
    }
    expect(fineMs).toBeGreaterThanOrEqual(100);
    expect(fineMs).toBeLessThanOrEqual(250);
  });

  test('a rebalancer in the same second as lastScheduledTime: Successful, and nothing moves, nor later', () => {
    lab = helloLab();
    place(lab, weights({ aks2: 3, k3s: 1 }));
    lab.clock.advance(5000);
    taint(lab, 'aks1', [{ key: 'firedrill', effect: 'NoSchedule' }]);
    place(lab, FIVE_THREE_ONE);
    // To the start of a second, in which the placement is scheduled and the taint goes.
    lab.clock.advance(300);
    taint(lab, 'aks1', []);
    const { lastScheduledTime } = binding(lab).status ?? {};
    rebalance(lab);
    const rebalancer = () =>
      lab.federation.get('apps.karmada.io/workloadrebalancers', undefined, 'rebalance');
    expect(rebalancer()?.metadata.creationTimestamp).toBe(lastScheduledTime);
    expect(watch(lab, 20_000).spreads).toEqual(['0/7/2']);
    expect(rebalancer()?.status.observedWorkloads).toMatchObject([{ result: 'Successful' }]);
    rebalance(lab, 'next-second');
    lab.clock.advance(5000);
    expect(scheduled(lab)).toBe('5/3/1');
  });

  test('a rebalancer while the taint is there: Successful, and nothing moves, nor when it is gone', () => {
    lab = helloLab();
    taint(lab, 'aks1', [NO_EXECUTE]);
    lab.clock.advance(5000);
    rebalance(lab);
    lab.clock.advance(5000);
    taint(lab, 'aks1', []);
    expect(watch(lab, 20_000).spreads).toEqual(['0/7/2']);
  });

  test('ttlSecondsAfterFinished removes a rebalancer; one for nothing says that there is none', () => {
    lab = helloLab();
    const rebalancer = object('apps.karmada.io/v1alpha1', 'WorkloadRebalancer', { name: 'gone' });
    const workloads = [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'nobody' }];
    rebalancer.spec = { workloads, ttlSecondsAfterFinished: 30 };
    lab.federation.create('apps.karmada.io/workloadrebalancers', rebalancer);
    lab.clock.advance(1000);
    const found = () => lab.federation.get('apps.karmada.io/workloadrebalancers', undefined, 'gone');
    expect(found()?.status.observedWorkloads).toMatchObject([
      { result: 'Failed', reason: 'ReferencedBindingNotFound' },
    ]);
    lab.clock.advance(31_000);
    expect(found()).toBeUndefined();
  });

  test('a fleet at rest is left alone: nothing is written', () => {
    lab = helloLab();
    lab.clock.advance(30_000);
    const before = [lab.federation, ...Object.values(lab.world.members)].map((store) => store.version());
    lab.clock.advance(600_000);
    expect([lab.federation, ...Object.values(lab.world.members)].map((store) => store.version())).toEqual(
      before,
    );
  });
});

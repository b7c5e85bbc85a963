/** Losses that are no drain: what Karmada notices, and when. */
import { afterEach, expect, test } from '@jest/globals';
import { cluster, drain, FIVE_THREE_ONE, helloLab, type Lab, ready, scheduled, watch } from './lab.ts';

const FAILOVER = {
  placement: FIVE_THREE_ONE,
  propagateDeps: true,
  failover: { application: { decisionConditions: { tolerationSeconds: 10 } } },
};

let lab: Lab;
afterEach(() => lab.stop());

const isReady = () =>
  cluster(lab, 'aks1').status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

/** Until aks1 is called not Ready, ms. */
const noticed = (withinMs: number) => watch(lab, withinMs, () => !isReady()).afterMs;

test.each([
  ['api-gone', 30_000, 41_000],
  ['partition', 70_000, 85_000],
])(
  '%s: not Ready after a while, tainted NoSchedule only, nothing moves, nothing is lost',
  (kind, from, until) => {
    lab = helloLab({ policy: FAILOVER });
    lab.world.faults.add({ kind, target: 'aks1' });
    const afterMs = noticed(120_000);
    expect(afterMs).toBeGreaterThanOrEqual(from);
    expect(afterMs).toBeLessThanOrEqual(until);
    const seen = watch(lab, 60_000);
    expect(seen.spreads).toEqual(['5/3/1']);
    expect(seen.least).toBe(9);
    expect(cluster(lab, 'aks1').spec.taints?.map(({ effect }) => effect)).toEqual(['NoSchedule']);
  },
);

test('nodes gone: the Cluster stays Ready, and application failover comes a minute late', () => {
  lab = helloLab({ policy: FAILOVER });
  const aks1 = lab.world.members['aks1']!;
  for (const { metadata } of aks1.list('core/nodes')) aks1.remove('core/nodes', undefined, metadata.name);
  const moved = watch(lab, 120_000, () => scheduled(lab) === '0/7/2');
  expect(moved.afterMs).toBeGreaterThan(70_000);
  expect(moved.afterMs).toBeLessThan(75_000);
  expect(isReady()).toBe(true);
});

test('federation down: a drain moves nothing until it is back, then it is healed', () => {
  lab = helloLab({ policy: FAILOVER });
  const id = lab.world.faults.add({ kind: 'api-gone', target: 'federation' });
  drain(lab, 'aks1');
  const dark = watch(lab, 60_000);
  expect(dark.spreads).toEqual(['5/3/1']);
  expect(ready(lab)).toBe('0/3/1');
  lab.world.faults.remove(id);
  // On the rig once: 83 s after an outage of 57 s. The work queues have backed off meanwhile.
  const healed = watch(lab, 120_000, () => ready(lab) === '0/7/2').afterMs;
  expect(healed).toBeGreaterThan(20_000);
  expect(healed).toBeLessThan(90_000);
});

test('federation down: nobody calls a member not Ready meanwhile', () => {
  lab = helloLab();
  lab.world.faults.add({ kind: 'api-gone', target: 'federation' });
  lab.world.faults.add({ kind: 'partition', target: 'aks1' });
  lab.clock.advance(120_000);
  expect(isReady()).toBe(true);
});

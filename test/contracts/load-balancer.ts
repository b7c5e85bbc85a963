/** What every adapter of the port GlobalLoadBalancer must do, over the emulator of its vendor. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Balancing, GlobalLoadBalancer } from '../../activities/ports/load-balancer.ts';
import { openLoadBalancer } from '../../adapters/front-door/index.ts';
import { createRequester } from '../../adapters/http/requester.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { HOST } from '../lab/edge/hello.ts';
import { type Front, openFront, type Tier } from './front.ts';

export function loadBalancerContract(tier: Tier, misspelt: (fleet: Fleet) => Fleet): void {
  describe(`load balancer: front-door-${tier}`, () => {
    let front: Front;
    let fleet: Fleet;
    let balancer: GlobalLoadBalancer;
    let before: Balancing;

    beforeAll(async () => {
      front = await openFront({ operationMs: 2, probeIntervalSeconds: 5 });
      fleet = front.fleet(tier);
      balancer = openLoadBalancer(fleet);
      before = await balancer.describe(signal());
    });
    afterAll(() => front.close());
    beforeEach(async () => {
      for (const { id } of front.faults.active()) front.faults.remove(id);
      front.frontDoor.settings.operationMs = 2;
      await balancer.ensure(before, quietly());
    });

    const all = (): Balancing => ({
      ...before,
      backends: ['aks1', 'aks2', 'k3s'].map((member) => ({
        member,
        name: member,
        address: `127.0.0.1:${front.edge.ports[member]}`,
        hostHeader: HOST,
        enabled: true,
        weight: 50,
        priority: 1,
      })),
    });

    test('makes the balancing what is wanted, says so, and leaves what holds alone', async () => {
      expect(await balancer.ensure(all(), quietly())).toEqual({ changed: true });
      expect(sorted(await balancer.describe(signal()))).toEqual(sorted(all()));
      const sent = operations(front);
      expect(await balancer.ensure(all(), quietly())).toEqual({ changed: false });
      expect(operations(front)).toBe(sent);
    });

    test('clients reach every backend, and none that is disabled', async () => {
      await balancer.ensure(all(), quietly());
      expect(await eventuallyRouted(fleet, ['aks1', 'aks2', 'k3s'])).toBe(true);
      const without = all();
      without.backends[0]!.enabled = false;
      await balancer.ensure(without, quietly());
      expect(await eventuallyRouted(fleet, ['aks2', 'k3s'])).toBe(true);
    });

    test('goes back to what was there', async () => {
      await balancer.ensure(
        { ...all(), latencyBandMs: 100, probe: { ...before.probe, path: '/other', samples: 6 } },
        quietly(),
      );
      await balancer.ensure(before, quietly());
      expect(sorted(await balancer.describe(signal()))).toEqual(sorted(before));
    });

    test('health by its metrics: none yet, and later the share of probes that passed', async () => {
      await balancer.ensure(all(), quietly());
      front.frontDoor.settings.metricsLateMs = 60_000;
      const early = await balancer.health(signal());
      expect(early.map(({ passing }) => passing)).toEqual([undefined, undefined, undefined]);
      front.frontDoor.settings.metricsLateMs = -60_000;
      const health = await eventually(
        () => balancer.health(signal()),
        (all) => all.every(({ passing }) => passing !== undefined),
      );
      expect(health.map(({ member, passing }) => [member, passing]).toSorted()).toEqual([
        ['aks1', 1],
        ['aks2', 1],
        ['k3s', 1],
      ]);
    });

    test('waits while another change runs', async () => {
      const other = openLoadBalancer(fleet);
      const heavier = all();
      heavier.backends[1]!.weight = 70;
      await balancer.ensure(all(), quietly());
      front.frontDoor.settings.operationMs = 150;
      await Promise.all([balancer.ensure(heavier, quietly()), other.ensure(heavier, quietly())]);
      expect(sorted(await balancer.describe(signal()))).toEqual(sorted(heavier));
    });

    test('obeys Retry-After', async () => {
      const throttled = front.faults.add({
        kind: 'management-429',
        target: 'front-door',
        options: { retryAfter: 1 },
      });
      setTimeout(() => front.faults.remove(throttled), 300);
      expect(await balancer.ensure(all(), quietly())).toEqual({ changed: true });
    });

    test('a change that Azure fails is transient, and sent again by the next attempt', async () => {
      const failing = front.faults.add({ kind: 'management-operation-fails', target: 'front-door' });
      let kept = '';
      const failed = balancer.ensure(all(), { signal: signal(), onOperation: (state) => (kept = state) });
      await expect(failed).rejects.toMatchObject({ type: 'transient', details: [{ code: 'FD4007' }] });
      front.faults.remove(failing);
      await balancer.ensure(all(), { ...quietly(), ...(kept && { operation: kept }) });
      expect(sorted(await balancer.describe(signal()))).toEqual(sorted(all()));
    });

    test('a change begun by a lost attempt is resumed, never sent twice', async () => {
      const changed = all();
      await balancer.ensure(all(), quietly());
      changed.backends[2]!.weight = 99;
      front.frontDoor.settings.operationMs = 150;
      const lost = new AbortController();
      let kept = '';
      const sent = operations(front);
      const attempt = balancer.ensure(changed, {
        signal: lost.signal,
        onOperation(state) {
          kept = state;
          lost.abort(new Error('the worker died'));
        },
      });
      await expect(attempt).rejects.toThrow();
      expect(kept).not.toBe('');
      await openLoadBalancer(fleet).ensure(changed, { ...quietly(), operation: kept });
      expect(operations(front)).toBe(sent + 1);
      expect(sorted(await balancer.describe(signal()))).toEqual(sorted(changed));
    });

    test('a lost attempt that kept nothing is awaited, not repeated', async () => {
      await balancer.ensure(all(), quietly());
      const changed = all();
      changed.backends[2]!.weight = 98;
      front.frontDoor.settings.operationMs = 150;
      const lost = new AbortController();
      const sent = operations(front);
      const attempt = balancer.ensure(changed, { signal: lost.signal, onOperation: () => lost.abort() });
      await expect(attempt).rejects.toThrow();
      await openLoadBalancer(fleet).ensure(changed, quietly());
      expect(operations(front)).toBe(sent + 1);
    });

    test('a body that Azure refuses is refused, in its words', async () => {
      const wrong = all();
      wrong.backends[0]!.priority = 9;
      await expect(balancer.ensure(wrong, quietly())).rejects.toMatchObject({
        type: 'refused',
        details: [{ code: 'FD4004', what: expect.stringContaining("'priority'") }],
      });
    });

    test('a wrong name is answered with the nearest', async () => {
      await expect(openLoadBalancer(misspelt(fleet)).describe(signal())).rejects.toMatchObject({
        type: 'refused',
        details: [{ code: 'FD4001', remedy: expect.stringContaining('Did you mean') }],
      });
    });

    test('a wrong token names the way to sign in', async () => {
      const { loadBalancer } = fleet;
      process.env.FIREDRILL_TEST_TOKEN = 'wrong';
      const stranger = {
        ...fleet,
        loadBalancer: { ...loadBalancer!, token: { env: 'FIREDRILL_TEST_TOKEN' } },
      };
      await expect(openLoadBalancer(stranger).describe(signal())).rejects.toMatchObject({
        type: 'refused',
        details: [{ code: 'FD4002' }],
      });
    });

    test('a management API that is not there is transient', async () => {
      const nowhere = {
        ...fleet,
        loadBalancer: { ...fleet.loadBalancer!, management: 'http://127.0.0.1:1' },
      };
      await expect(openLoadBalancer(nowhere).describe(signal())).rejects.toMatchObject({
        type: 'transient',
        details: [{ code: 'FD4006' }],
      });
    });
  });
}

const signal = () => AbortSignal.timeout(30_000);
const quietly = () => ({ signal: signal(), onOperation: () => undefined });
const operations = (front: Front): number =>
  JSON.parse(readFileSync(join(front.folder, 'front-door.json'), 'utf8')).operations.length;

const sorted = (balancing: Balancing): Balancing => ({
  ...balancing,
  backends: balancing.backends.toSorted((a, b) => a.name.localeCompare(b.name)),
});

/** Asks again for at most four seconds; returns the last answer. */
async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (let round = 0; ; round += 1) {
    const answer = await ask();
    if (holds(answer) || round === 80) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Configuration rolls out in its own time: asks in rounds until a whole round names exactly these members. */
async function eventuallyRouted(fleet: Fleet, members: string[]): Promise<boolean> {
  const requester = createRequester(fleet);
  const target = openLoadBalancer(fleet).target();
  const round = () =>
    Promise.all(Array.from({ length: 18 }, () => requester.request(target, { timeoutMs: 2_000 })));
  const isWanted = (answers: Awaited<ReturnType<typeof round>>) =>
    [...new Set(answers.map((answer) => answer.routed))].toSorted().join() === members.join();
  return isWanted(await eventually(round, isWanted));
}

/** What every `Federation` must do: members joined, and a workload of nine placed 5/3/1 by static weights. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Binding, Federation } from '../../activities/ports/federation.ts';
import { until } from './member.ts';

export interface FederationHarness {
  federation: Federation;
  /** Deployment demo/hello, propagated by PropagationPolicy demo/hello to aks1, aks2 and k3s. */
  close(): Promise<void>;
}

const hello = { namespace: 'demo', name: 'hello' };
const taint = { key: 'firedrill.dev/contract', value: 'one', effect: 'NoSchedule' };
const { signal } = new AbortController();
const details = (error: unknown) => (error as { details: unknown[] }).details[0];

export function federationContract(name: string, open: () => Promise<FederationHarness>): void {
  describe(`federation: ${name}`, () => {
    let harness: FederationHarness;
    let federation: Federation;

    beforeAll(async () => {
      harness = await open();
      federation = harness.federation;
      await until(async () => (await bound()).reports.every((report) => report.ready === report.replicas));
    });
    afterAll(() => harness.close());

    async function bound(): Promise<Binding> {
      let binding: Binding | undefined;
      await until(async () => {
        binding = await federation.binding(hello, signal);
        return binding?.observed === true && binding.reports.length === 3;
      });
      return binding!;
    }

    it('shows its members, ready, with their nodes', async () => {
      const clusters = await federation.clusters(signal);
      expect(clusters.map((cluster) => cluster.name).sort()).toEqual(['aks1', 'aks2', 'k3s']);
      expect(clusters.every((cluster) => cluster.ready && cluster.syncMode === 'Push')).toBe(true);
    });

    it('shows what Karmada decided, by whose policy, and what the members report', async () => {
      const binding = await bound();
      expect(binding).toMatchObject({
        name: 'hello-deployment',
        scheduled: true,
        replicas: 9,
        spread: { aks1: 5, aks2: 3, k3s: 1 },
        evictions: [],
        resource: { kind: 'Deployment', name: 'hello' },
        policy: { kind: 'PropagationPolicy', namespace: 'demo', name: 'hello' },
      });
      expect(binding.resource.uid).not.toBe('');
      expect((await federation.bindings(signal)).map((one) => one.name)).toContain('hello-deployment');
      expect(await federation.binding({ namespace: 'demo', name: 'none' }, signal)).toBeUndefined();
    });

    it('adds a taint beside the others and takes away only its own', async () => {
      // Karmada takes one taint a key and effect, whatever its value.
      const other = { ...taint, key: 'firedrill.dev/other' };
      expect(await federation.taint('aks1', other, signal)).toBe('added');
      expect(await federation.taint('aks1', taint, signal)).toBe('added');
      expect(await federation.taint('aks1', taint, signal)).toBe('present');
      // Karmada keeps one taint of a key and effect, as Kubernetes does on nodes.
      const again = await federation.taint('aks1', { ...taint, value: 'two' }, signal).catch(details);
      expect(again).toMatchObject({ code: 'FD3008', what: expect.stringMatching(/taint/i) });
      expect(await federation.untaint('aks1', taint, signal)).toBe('removed');
      expect(await federation.untaint('aks1', taint, signal)).toBe('absent');
      const aks1 = (await federation.clusters(signal)).find((cluster) => cluster.name === 'aks1');
      expect(aks1?.taints).toContainEqual(expect.objectContaining(other));
      await federation.untaint('aks1', other, signal);
    });

    it('loses no taint when ten are added at once', async () => {
      const many = Array.from({ length: 5 }, (_, index) => ({
        ...taint,
        key: `firedrill.dev/many-${index}`,
      }));
      await Promise.all(many.map((one) => federation.taint('aks2', one, signal)));
      const keys = (await federation.clusters(signal))
        .find((one) => one.name === 'aks2')!
        .taints.map((one) => one.key);
      expect(keys).toEqual(expect.arrayContaining(many.map((one) => one.key)));
      for (const one of many) await federation.untaint('aks2', one, signal);
    });

    it('replaces a placement that nobody else has edited, marks it, and tells when somebody has', async () => {
      const { policy: ref, placement } = await bound();
      const read = (await federation.policy(ref!, signal))!;
      expect(read.run).toBeUndefined();
      const without = { ...placement, clusterAffinity: { clusterNames: ['aks1', 'aks2'], exclude: ['k3s'] } };
      expect(await federation.place(read, without, 'run-1', signal)).toBe(true);
      expect(await federation.place(read, placement, null, signal)).toBe(false);
      const edited = (await federation.policy(ref!, signal))!;
      expect(edited).toMatchObject({ run: 'run-1', placement: without });
      await federation.patch(ref!, { spec: { priority: 1 } }, signal);
      const touched = (await federation.policy(ref!, signal))!;
      expect(touched.run).toBeUndefined();
      expect(await federation.place(touched, placement, null, signal)).toBe(true);
      const back = (await federation.policy(ref!, signal))!;
      expect(back.placement.clusterAffinity).toEqual(placement.clusterAffinity);
      await until(async () => (await federation.binding(hello, signal))?.spread['k3s'] === 1);
    });

    it('scales, and tells every change of the binding', async () => {
      const sums = new Set<number>();
      const stop = new AbortController();
      const seen = (binding: Binding | undefined) => binding && sums.add(binding.replicas);
      const watching = federation.watchBinding(hello, { seen, trouble: () => undefined }, stop.signal);
      await federation.scale(hello, 10, signal);
      expect(await federation.replicas(hello, signal)).toBe(10);
      await until(async () => sums.has(10));
      await federation.scale(hello, 9, signal);
      await until(async () => sums.has(9));
      stop.abort();
      await watching;
      expect(await federation.replicas({ namespace: 'demo', name: 'none' }, signal)).toBeUndefined();
    });

    it('gives the fleet lock to one, and takes it from nobody else', async () => {
      expect(await federation.readLock(signal)).toBeUndefined();
      const holders = await Promise.all(
        ['run-1', 'run-2', 'run-3'].map((run) => federation.acquireLock(run, signal)),
      );
      const [winner] = holders.filter((lock) => lock.acquired);
      expect(holders.filter((lock) => lock.acquired)).toHaveLength(1);
      expect(new Set(holders.map((lock) => lock.holder))).toEqual(new Set([winner!.holder]));
      expect(await federation.acquireLock(winner!.holder, signal)).toMatchObject({ acquired: true });
      expect(Date.parse((await federation.readLock(signal))!.since)).toBeGreaterThan(0);
      expect(await federation.releaseLock('run-9', signal)).toBe(false);
      expect(await federation.releaseLock(winner!.holder, signal)).toBe(true);
      expect(await federation.readLock(signal)).toBeUndefined();
    });
  });
}

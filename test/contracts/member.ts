/** What every `MemberCluster` must do, on whatever cluster the harness opens. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MemberCluster, Pod } from '../../activities/ports/member.ts';
import type { KubeObject } from '../../activities/ports/plane.ts';

export interface MemberHarness {
  member: MemberCluster;
  /** The same cluster for an identity that may only read, and for one whose token is wrong. */
  reader: MemberCluster;
  stranger: MemberCluster;
  /** The same cluster at an address where nobody listens. */
  nowhere: MemberCluster;
  /** Server-side apply by force, as somebody else. */
  applyAsOther(object: KubeObject): Promise<void>;
  close(): Promise<void>;
}

const NAMESPACE = 'contract';
const labels = { app: 'contract' };

const deployment = (replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'contract', namespace: NAMESPACE },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'nginxdemos/hello:plain-text',
            resources: { requests: { cpu: '100m', memory: '64Mi' } },
          },
        ],
      },
    },
  },
});

const budget: KubeObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'contract', namespace: NAMESPACE },
  spec: { minAvailable: 2, selector: { matchLabels: labels } },
};

const budgetRef = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  namespace: NAMESPACE,
  name: 'contract',
};
const deploymentRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NAMESPACE, name: 'contract' };
const marker = { run: 'run-1', step: 'steps.fault' };
const { signal } = new AbortController();

const details = (error: unknown) => (error as { details: { code: string; where: string }[] }).details[0]!;

export function memberContract(name: string, open: () => Promise<MemberHarness>): void {
  describe(`member cluster: ${name}`, () => {
    let harness: MemberHarness;
    let member: MemberCluster;

    beforeAll(async () => {
      harness = await open();
      member = harness.member;
      await member.create(
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } },
        signal,
      );
      await member.apply(deployment(2), signal);
      await readyPods(2);
    });
    afterAll(() => harness.close());

    async function readyPods(count: number): Promise<Pod[]> {
      const stop = new AbortController();
      return new Promise((resolve, reject) => {
        const seen = (pods: Pod[]) => {
          const ready = pods.filter((pod) => pod.ready);
          if (ready.length !== count || pods.length !== count) return;
          stop.abort();
          resolve(ready);
        };
        const trouble = () => undefined;
        member.watchPods({ namespace: NAMESPACE, labels }, { seen, trouble }, stop.signal).catch(reject);
      });
    }

    it('tells its version, who asks, and what that one may', async () => {
      expect(await member.version(signal)).toMatch(/^v\d+\.\d+/);
      expect((await member.whoAmI(signal)).user).not.toBe('');
      const permission = { plane: member.name, group: '', resource: 'pods/eviction', verbs: ['create'] };
      expect(await member.allowed(permission, signal)).toEqual([{ verb: 'create', allowed: true }]);
      expect(await harness.reader.allowed(permission, signal)).toEqual([{ verb: 'create', allowed: false }]);
    });

    it('shows nodes with what pods can use of them', async () => {
      const [node] = await member.nodes(signal);
      expect(node).toMatchObject({ schedulable: true, ready: true });
      expect(node!.allocatable.cpu).toBeGreaterThanOrEqual(1000);
      expect(node!.allocatable.memory).toBeGreaterThan(2 ** 30);
      expect(node!.allocatable.pods).toBeGreaterThan(1);
    });

    it('shows pods with owner, node, readiness and requests', async () => {
      const [pod] = await member.pods({ namespace: NAMESPACE }, signal);
      expect(pod).toMatchObject({ ready: true, mirror: false, requests: { cpu: 100, memory: 64 * 2 ** 20 } });
      expect(pod!.owner?.kind).toBe('ReplicaSet');
      expect((await member.nodes(signal)).map((node) => node.name)).toContain(pod!.node);
    });

    it('cordons once, marks it, and uncordons only what carries the mark', async () => {
      const [first, second] = (await member.nodes(signal)).map((node) => node.name) as [string, string];
      expect(await member.cordon(first, marker, signal)).toBe('cordoned');
      expect(await member.cordon(first, marker, signal)).toBe('cordoned');
      expect(await member.cordon(first, { ...marker, run: 'run-2' }, signal)).toBe('was-cordoned');
      const cordoned = (await member.nodes(signal)).find((node) => node.name === first);
      expect(cordoned).toMatchObject({ schedulable: false, marker });
      await member.patch(
        { apiVersion: 'v1', kind: 'Node', name: second },
        { spec: { unschedulable: true } },
        signal,
      );
      expect(await member.uncordon(second, 'run-1', signal)).toBe('not-ours');
      expect(await member.uncordon(first, 'run-2', signal)).toBe('not-ours');
      expect(await member.uncordon(first, 'run-1', signal)).toBe('uncordoned');
      expect(await member.uncordon('no-such-node', 'run-1', signal)).toBe('gone');
      await member.patch(
        { apiVersion: 'v1', kind: 'Node', name: second },
        { spec: { unschedulable: null } },
        signal,
      );
      const after = (await member.nodes(signal)).filter((node) => [first, second].includes(node.name));
      expect(after.every((node) => node.schedulable && node.marker === undefined)).toBe(true);
    });

    it('evicts a pod, and says which budget blocks', async () => {
      const [pod] = await readyPods(2);
      await member.create(budget, signal);
      await until(async () => (await member.disruptionBudgets(signal)).some((one) => one.expected === 2));
      const [shown] = (await member.disruptionBudgets(signal)).filter((one) => one.namespace === NAMESPACE);
      expect(shown).toMatchObject({ minAvailable: '2', desiredHealthy: 2, healthy: 2, allowed: 0 });
      const blocked = await member.evict(pod!, { mode: 'evict' }, signal);
      expect(blocked).toMatchObject({ outcome: 'blocked', why: expect.stringMatching(/disruption budget/i) });
      expect(await member.evict(pod!, { mode: 'delete', gracePeriodSeconds: 0 }, signal)).toEqual({
        outcome: 'evicted',
      });
      await member.remove(budgetRef, signal);
      const [other] = await readyPods(2);
      expect(await member.evict(other!, { mode: 'evict', gracePeriodSeconds: 0 }, signal)).toEqual({
        outcome: 'evicted',
      });
      await until(
        async () =>
          !(await member.pods({ namespace: NAMESPACE }, signal)).some((one) => one.uid === other!.uid),
      );
      expect(await member.evict(other!, { mode: 'evict' }, signal)).toEqual({ outcome: 'gone' });
      await readyPods(2);
    });

    it('applies over its own fields, and refuses those of others, naming them', async () => {
      await member.apply(deployment(1), signal);
      await readyPods(1);
      const scaled = { metadata: { annotations: { changed: 'by a patch of ours' } }, spec: { replicas: 2 } };
      await member.patch(deploymentRef, scaled, signal);
      expect((await member.apply(deployment(1), signal))['spec'].replicas).toBe(1);
      await harness.applyAsOther(deployment(2));
      const refused = await member.apply(deployment(1), signal).catch(details);
      expect(refused).toMatchObject({ code: 'FD3016', what: expect.stringContaining('somebody-else') });
      await member.remove(deploymentRef, signal);
      await until(async () => (await member.create(deployment(1), signal)) !== undefined);
    });

    it('patches only the version that was read, and removes only the object that was meant', async () => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'contract' };
      const settings = { ...ref, metadata: { name: ref.name, namespace: NAMESPACE } };
      const read = await member.create(settings, signal);
      const guarded = (value: string) => ({
        metadata: { resourceVersion: read!.metadata.resourceVersion },
        data: { value },
      });
      expect(await member.patch(ref, guarded('first'), signal)).toBe(true);
      expect(await member.patch(ref, guarded('second'), signal)).toBe(false);
      expect((await member.read(ref, signal))?.['data']).toEqual({ value: 'first' });
      expect(await member.create(settings, signal)).toBeUndefined();
      expect(await member.remove(ref, signal, '00000000-0000-0000-0000-000000000000')).toBe(false);
      expect(await member.remove(ref, signal)).toBe(true);
      expect(await member.remove(ref, signal)).toBe(false);
    });

    it('tells apart: not known, not allowed, not found, not valid, not there', async () => {
      await expect(
        harness.stranger.version(signal).then(() => harness.stranger.nodes(signal)),
      ).rejects.toMatchObject({
        type: 'refused',
      });
      const unknown = await harness.stranger.nodes(signal).catch(details);
      expect(unknown).toMatchObject({ code: 'FD3004', where: member.name });
      const forbidden = await harness.reader.create(deployment(3), signal).catch(details);
      expect(forbidden).toMatchObject({ code: 'FD3005' });
      const kind = await member.list('example.com/v1', 'Nothing', signal).catch(details);
      expect(kind).toMatchObject({ code: 'FD3015' });
      const invalid = { ...deployment(1), metadata: { name: 'Not_A_Name', namespace: NAMESPACE } };
      expect(await member.create(invalid, signal).catch(details)).toMatchObject({ code: 'FD3008' });
      const silent = harness.nowhere.nodes(signal);
      await expect(silent).rejects.toMatchObject({ type: 'transient', nonRetryable: false });
      expect(await silent.catch(details)).toMatchObject({ code: 'FD3001', where: member.name });
    });

    it('ends a call at once when it is aborted', async () => {
      const stop = new AbortController();
      stop.abort(new Error('stopped'));
      await expect(member.nodes(stop.signal)).rejects.toThrow('stopped');
    });
  });
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + 90_000; !(await holds()); ) {
    if (Date.now() > endMs) throw new Error('it did not come to hold in 90 s');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

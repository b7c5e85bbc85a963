/** How pods are made to go, over a member that does as the test says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { StepContext } from '../../activities/kind.ts';
import { evictAll } from '../../activities/kubernetes/evictions.ts';
import type { Evicted, MemberCluster, Pod } from '../../activities/ports/member.ts';

const podsOf = (count: number): Pod[] =>
  Array.from({ length: count }, (_, index) => ({
    namespace: 'demo',
    name: `pod-${index}`,
    uid: `uid-${index}`,
    node: 'node',
    phase: 'Running',
    ready: true,
    terminating: false,
    labels: {},
    mirror: false,
    requests: { cpu: 0, memory: 0 },
  }));

function evicting(count: number, evict: (pod: Pod) => Promise<Evicted>) {
  const left = new Map(podsOf(count).map((pod) => [pod.uid, pod]));
  const member = {
    pods: async () => [...left.values()],
    async evict(pod: Pod) {
      const evicted = await evict(pod);
      if (evicted.outcome === 'evicted') left.delete(pod.uid);
      return evicted;
    },
  } as unknown as MemberCluster;
  const context = {
    deadlineMs: Date.now() + 10_000,
    signal: new AbortController().signal,
    heartbeat() {},
    sleep: (ms: number) => sleep(ms),
  } as unknown as StepContext;
  return evictAll(member, new Set(['node']), { mode: 'evict' }, 0, context);
}

it('one slow eviction holds up no other, and no more are asked for at once than the server is given', async () => {
  const asked: string[] = [];
  let [underWay, most] = [0, 0];
  let letGo = () => {};
  const slow = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const done = evicting(100, async (pod) => {
    asked.push(pod.name);
    underWay += 1;
    most = Math.max(most, underWay);
    if (asked.length === 100) letGo();
    await (pod.name === 'pod-0' ? slow : sleep(1));
    underWay -= 1;
    return { outcome: 'evicted' };
  });
  await expect(done).resolves.toEqual({ evicted: 100, blocked: [], remaining: 0 });
  expect(most).toBe(16);
});

it('after a failure nothing is under way any more, and nothing more is asked for', async () => {
  const asked: string[] = [];
  let underWay = 0;
  const failed = evicting(100, async (pod) => {
    asked.push(pod.name);
    underWay += 1;
    await sleep(pod.name === 'pod-3' ? 1 : 20);
    underWay -= 1;
    if (pod.name === 'pod-3') throw new Error('the server is away');
    return { outcome: 'evicted' };
  });
  await expect(failed).rejects.toThrow('the server is away');
  expect(underWay).toBe(0);
  // The fourth of the first sixteen failed while the others waited for their answers.
  expect(asked).toHaveLength(16);
});

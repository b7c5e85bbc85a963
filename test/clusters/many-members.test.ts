/** What a wait keeps of hundreds of members must fit into a heartbeat and into history. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { LookKind, StepContext } from '../../activities/kind.ts';
import type { Observer } from '../../activities/ports/plane.ts';
import { kindOf } from './kinds.ts';

const COUNT = 300;
const names = Array.from({ length: COUNT }, (_, index) => `m${index}`);
const deployment = (ready: number) => ({ replicas: 1, ready, observed: true });
const binding = {
  namespace: 'demo',
  name: 'hello-deployment',
  observed: true,
  scheduled: true,
  resource: { uid: 'hello', name: 'hello' },
  replicas: COUNT,
  spread: Object.fromEntries(names.map((name) => [name, 1])),
  evictions: [],
  reports: names.map((cluster) => ({ cluster, applied: true, replicas: 1, ready: 1, message: '' })),
  placement: {
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' },
  },
};
const clusters = names.map((name) => ({ name, labels: {}, zones: [], taints: [] }));

/** Tells each state after the other, then nothing more. */
async function telling<T>(states: T[], observer: Observer<T>, signal: AbortSignal): Promise<void> {
  for (const state of states) {
    observer.seen(state);
    await sleep(1);
  }
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

const ports = {
  federation: () => ({
    members: names,
    watchClusters: (observer: Observer<unknown>, signal: AbortSignal) =>
      telling([clusters], observer, signal),
    watchBinding: (_: object, observer: Observer<unknown>, signal: AbortSignal) =>
      telling([binding], observer, signal),
    clusters: async () => clusters,
    binding: async () => binding,
    replicas: async () => COUNT,
  }),
  member: (name: string) => ({
    deployment: async () => deployment(1),
    async watchDeployment(_: string, __: string, observer: Observer<unknown>, signal: AbortSignal) {
      observer.seen(deployment(0));
      await sleep(names.indexOf(name) * 2);
      await telling([deployment(1)], observer, signal);
    },
  }),
};

it('a wait over hundreds of members keeps its series small, and its first and last state in it', async () => {
  const beats: number[] = [];
  const context = {
    fleet: { members: Object.fromEntries(names.map((name) => [name, {}])) },
    ports,
    signal: new AbortController().signal,
    deadlineMs: Date.now() + 30_000,
    heartbeat: (progress: unknown) => beats.push(JSON.stringify(progress).length),
    sleep: (ms: number) => sleep(ms),
  } as unknown as StepContext;
  const input = { workload: 'deployment/hello', namespace: 'demo', expect: 'steady' };
  const kind = kindOf('karmada/await-spread') as LookKind<object, { series: { ready: object }[] }>;
  const { series } = await kind.look(input, context);
  const total = (ready: object) => Object.values(ready).reduce((sum, one) => sum + one, 0);
  expect(total(series.at(-1)!.ready)).toBe(COUNT);
  expect(total(series[0]!.ready)).toBeLessThan(COUNT / 2);
  expect(series.length).toBeGreaterThan(5);
  // Temporal warns at 256 KiB and refuses 2 MiB.
  expect(Math.max(...beats, JSON.stringify(series).length)).toBeLessThan(256 * 1024);
}, 30_000);

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { awaitRemoved } from '../../activities/glb/await-removed.ts';
import { awaitServing } from '../../activities/glb/await-serving.ts';
import { ensure } from '../../activities/glb/ensure.ts';
import { restore } from '../../activities/glb/restore.ts';
import { setBackend } from '../../activities/glb/set-backend.ts';
import type { ActKind, Kind, LookKind, StepContext } from '../../activities/kind.ts';
import type { Balancing } from '../../activities/ports/load-balancer.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Json } from '../../dsl/plan.ts';
import { type Front, openFront } from '../contracts/front.ts';
import { addPod, removePods } from '../lab/edge/hello.ts';
import { contextOf } from './context.ts';

// biome-ignore lint/suspicious/noExplicitAny: outputs of several kinds
type Output = any;

let front: Front;
let fleet: Fleet;

beforeAll(async () => {
  front = await openFront({ operationMs: 2 });
  fleet = front.fleet('standard');
  await act(ensure, {});
});
afterAll(() => front.close());

/** Every member serves its third again. */
async function heal(): Promise<void> {
  for (const { id } of front.faults.active()) front.faults.remove(id);
  const { aks1 } = front.members;
  removePods(aks1!);
  for (const name of ['hello-0', 'hello-1']) addPod(aks1!, name, 'nginxdemos/hello:plain-text');
  await act(restore, {});
  await look(awaitServing, { perSecond: 100, requests: 30 });
}

function look(
  kind: Kind,
  given: Record<string, unknown>,
  change: Partial<StepContext> = {},
): Promise<Output> {
  return (kind as LookKind<unknown, unknown>).look(kind.input.parse(given), contextOf(fleet, change));
}

async function act(kind: Kind, given: Record<string, unknown>) {
  const acting = kind as ActKind<unknown, unknown, Json>;
  const input = kind.input.parse(given);
  const snapshot = await acting.snapshot(input, contextOf(fleet));
  const acted = await acting.act(input, snapshot, contextOf(fleet), undefined);
  return {
    acted,
    snapshot,
    undo: () => acting.undo(input, snapshot, contextOf(fleet), undefined),
    compare: () => acting.compare(input, snapshot, contextOf(fleet)),
  };
}

/** Few requests, fast, so that a window takes a second. */
const brief = { backend: 'aks1', requests: 60, perSecond: 60, requestTimeout: '1s' };
const soon = () => ({ deadlineMs: Date.now() + 3_000 });

describe('glb/await-removed', () => {
  beforeEach(heal);

  test('a drained member is removed; users gone, probes still coming', async () => {
    removePods(front.members['aks1']!);
    const output = await look(awaitRemoved, brief);
    expect(output).toMatchObject({
      expected: { aks2: 0.5, k3s: 0.5 },
      predicted: { minMs: 2_000, maxMs: 8_000 },
      failures: { 'http-5xx': expect.any(Number) },
      by: 'probes',
    });
    expect(output.lastVictimMs).toBeGreaterThan(0);
    expect(output.lastUnattributedMs).toBeUndefined();
    expect(output.shares['aks2']).toBeCloseTo(0.5, 1);
    expect(output.leftoverBound).toBeCloseTo(0.073, 2);
    expect(output.evidence).toEqual([
      { leg: 'clients', says: 'agrees', why: expect.any(String) },
      { leg: 'probe', says: 'agrees', why: expect.stringContaining('503') },
      { leg: 'metrics', says: 'not available', why: expect.any(String) },
    ]);
    const after = front.edge.log('aks1').filter(({ at }) => at * 1000 > output.lastVictimMs + 1_000);
    expect(after.every(({ users }) => users <= 1)).toBe(true);
  });

  test('a member that is gone cannot be asked: that leg is not available, never agreeing', async () => {
    front.faults.add({ kind: 'origin-refuse', target: 'aks1' });
    const output = await look(awaitRemoved, brief);
    expect(output.lastUnattributedMs).toBeGreaterThan(0);
    expect(output.evidence[1]).toMatchObject({ leg: 'probe', says: 'not available' });
  });

  test('a backend that somebody disables while it is watched was not removed by probes', async () => {
    const looking = look(awaitRemoved, brief);
    await act(setBackend, { backend: 'aks1', enabled: false });
    expect(await looking).toMatchObject({ by: 'configuration', evidence: expect.anything() });
  });

  test('a point of presence that keeps sending: not removed, and said from where', async () => {
    front.faults.add({ kind: 'pop-stuck', target: 'icn' });
    removePods(front.members['aks1']!);
    await expect(look(awaitRemoved, brief, soon())).rejects.toMatchObject({
      type: 'deviated',
      details: [
        {
          code: 'FD4107',
          where: 'aks1',
          what: expect.stringMatching(/\d+ of \d+ answers were routed by aks1.*ago/),
        },
      ],
    });
  });

  test('an origin that fails without a name is not removed because nobody names it', async () => {
    for (const pop of ['icn', 'nrt', 'sin']) front.faults.add({ kind: 'pop-stuck', target: pop });
    front.faults.add({ kind: 'origin-no-identity', target: 'aks1' });
    await expect(look(awaitRemoved, brief, soon())).rejects.toMatchObject({
      type: 'deviated',
      details: [{ what: expect.stringMatching(/failed and nobody can be named/) }],
    });
  });

  test('a load balancer that nobody can reach is no finding about it', async () => {
    const nowhere = {
      ...fleet.loadBalancer!,
      client: { url: 'http://127.0.0.1:1/', host: 'hello.example.com' },
    };
    const blind = contextOf({ ...fleet, loadBalancer: nowhere }, { deadlineMs: Date.now() + 1_500 });
    const kind = awaitRemoved as LookKind<unknown, unknown>;
    await expect(kind.look(kind.input.parse(brief), blind)).rejects.toMatchObject({ type: 'unjudged' });
  });

  test('a lost attempt hands over what it saw', async () => {
    removePods(front.members['aks1']!);
    const previous = {
      firstMs: 1_000,
      requests: 500,
      answered: 500,
      failures: { reset: 7 },
      lastVictimMs: 2_000,
      series: [],
    };
    await act(setBackend, { backend: 'aks1', enabled: false });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const output = await look(awaitRemoved, brief, { previous });
    expect(output.requests).toBeGreaterThan(550);
    expect(output.failures.reset).toBe(7);
    expect(output.lastVictimMs).toBe(2_000);
    expect(output.evidence[1].why).toContain('disabled');
  });
});

describe('glb/await-serving', () => {
  beforeEach(heal);

  test('at the configured shares', async () => {
    await act(setBackend, { backend: 'aks2', weight: 100 });
    const output = await look(awaitServing, { perSecond: 60 });
    expect(output.expected).toEqual({ aks1: 0.25, aks2: 0.5, k3s: 0.25 });
    expect(Math.abs(output.shares['aks2'] - 0.5)).toBeLessThan(0.15);
    expect(output.probes).toEqual({ aks1: 200, aks2: 200, k3s: 200 });
  });

  test('an application that does not answer its probe', async () => {
    removePods(front.members['aks1']!);
    await expect(
      look(awaitServing, { backend: 'aks1' }, { deadlineMs: Date.now() + 1_000 }),
    ).rejects.toMatchObject({
      type: 'deviated',
      details: [{ code: 'FD4108', where: 'aks1', what: expect.stringContaining('503') }],
    });
  });

  test('a probe that a pod does not answer would outlive the application', async () => {
    removePods(front.members['aks1']!);
    addPod(front.members['aks1']!, 'status', 'example.com/healthy:1');
    await expect(
      look(awaitServing, { backend: 'aks1' }, { deadlineMs: Date.now() + 1_000 }),
    ).rejects.toMatchObject({
      details: [{ code: 'FD4108', what: expect.stringContaining('not by a pod') }],
    });
  });

  test('a backend that the probes cannot see healthy', async () => {
    for (const pop of ['icn', 'nrt', 'sin']) front.faults.add({ kind: 'pop-stuck', target: pop });
    await act(setBackend, { backend: 'aks1', weight: 1000 });
    await expect(look(awaitServing, { perSecond: 60 }, soon())).rejects.toMatchObject({
      details: [{ code: 'FD4109', what: expect.stringMatching(/aks1 served 3\d.* it should 90.9 %/) }],
    });
  });
});

describe('changing and putting back', () => {
  beforeEach(() => act(restore, {}));

  const describeNow = () => contextOf(fleet).ports.loadBalancer().describe(AbortSignal.timeout(5_000));
  const find = ({ backends }: Balancing, member: string) => backends.find((one) => one.member === member);

  test('set-backend, and its way back', async () => {
    const done = await act(setBackend, { backend: 'aks1', enabled: false, weight: 7 });
    expect(done.acted).toEqual({
      done: true,
      output: { changed: true, backend: 'aks1', enabled: false, weight: 7, priority: 1 },
    });
    expect(await done.compare()).toHaveLength(1);
    expect(await done.undo()).toEqual({ done: true, restored: 'fully' });
    expect(await done.compare()).toEqual([]);
  });

  test('what somebody else changed since stays, and is reported', async () => {
    const done = await act(setBackend, { backend: 'aks1', enabled: false, weight: 7 });
    await act(setBackend, { backend: 'aks1', weight: 33 });
    expect(await done.undo()).toMatchObject({
      done: true,
      restored: 'partly',
      left: [{ what: 'load balancer backend aks1 weight', before: 50, now: 33 }],
    });
    expect(find(await describeNow(), 'aks1')).toMatchObject({ enabled: true, weight: 33 });
  });

  test('ensure makes nothing that is there; what it made goes when undone', async () => {
    const again = await act(ensure, {});
    expect(again.acted).toMatchObject({ output: { changed: false } });
    const other = await openFront({ operationMs: 2 });
    try {
      const kind = ensure as ActKind<unknown, unknown, Json>;
      const fresh = () => contextOf(other.fleet('standard'));
      const input = kind.input.parse({});
      const snapshot = await kind.snapshot(input, fresh());
      await kind.act(input, snapshot, fresh(), undefined);
      expect(await kind.undo(input, snapshot, fresh(), undefined)).toEqual({ done: true, restored: 'fully' });
      expect(await kind.compare(input, snapshot, fresh())).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test('an attempt that ends hands its operation to the next', async () => {
    front.frontDoor.settings.operationMs = 300;
    const kind = setBackend as ActKind<unknown, unknown, Json>;
    const input = kind.input.parse({ backend: 'aks2', weight: 60 });
    const snapshot = await kind.snapshot(input, contextOf(fleet));
    const lost = new AbortController();
    const first = contextOf(fleet, { signal: lost.signal });
    const heartbeat = first.heartbeat;
    first.heartbeat = (progress) => {
      heartbeat(progress);
      lost.abort(new Error('the worker died'));
    };
    await expect(kind.act(input, snapshot, first, undefined)).rejects.toThrow();
    const next = contextOf(fleet, { previous: first.beats.at(-1) });
    expect(await kind.act(input, snapshot, next, undefined)).toMatchObject({ output: { changed: true } });
    front.frontDoor.settings.operationMs = 2;
    expect(find(await describeNow(), 'aks2')?.weight).toBe(60);
  });
});

describe('preflight', () => {
  const findings = (
    kind: Kind,
    given: Record<string, unknown>,
    change: Partial<StepContext> = {},
    of = fleet,
  ) => (kind as LookKind<unknown, unknown>).preflight!(kind.input.parse(given), contextOf(of, change));

  test('the arithmetic of removal against the timeout', async () => {
    expect(await findings(awaitRemoved, brief, { timeoutMs: 60_000 })).toEqual([
      expect.objectContaining({
        severity: 'ok',
        code: 'FD4103',
        what: expect.stringContaining('4 - 2 + 1 = 3'),
      }),
    ]);
    expect(await findings(awaitRemoved, brief, { timeoutMs: 2_500 })).toEqual([
      expect.objectContaining({ severity: 'error', code: 'FD4103' }),
    ]);
  });

  test('classic is retiring, and a backend is missing', async () => {
    const found = await findings(awaitRemoved, { backend: 'k3s' }, {}, front.fleet('classic'));
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ['FD4104', 'warning'],
      ['FD4101', 'warning'],
      ['FD4103', 'ok'],
    ]);
  });

  test('an unknown backend is a mistake of the text, with the nearest', () => {
    expect(awaitRemoved.check!(awaitRemoved.input.parse({ backend: 'aks' }), fleet)).toEqual([
      expect.objectContaining({ path: ['backend'], nearest: expect.arrayContaining(['aks1']) }),
    ]);
  });
});

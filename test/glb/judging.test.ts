import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Criteria,
  judgeRemoval,
  leftoverBound,
  requestsFor,
  windowOf,
} from '../../activities/glb/removal.ts';
import type { Sample } from '../../activities/glb/sampling.ts';
import { requestsForMargin } from '../../activities/glb/serving.ts';
import { expectedShares } from '../../activities/glb/shares.ts';
import type { Backend } from '../../activities/ports/load-balancer.ts';

const criteria: Criteria = {
  victim: 'aks1',
  requests: 100,
  windowMs: 5_000,
  baseline: 0,
  expected: { aks2: 0.5, k3s: 0.5 },
  margin: 0.15,
};

const one = (routed: string, change: Partial<Sample> = {}): Sample => ({
  sentMs: 0,
  class: 'ok',
  answered: true,
  routed,
  ...change,
});
const clean = (count: number) => Array.from({ length: count }, (_, n) => one(n % 2 ? 'aks2' : 'k3s'));
const judge = (samples: Sample[], change: Partial<Criteria> = {}) =>
  judgeRemoval(samples, { ...criteria, ...change });

describe('removed from the load balancer', () => {
  test('clean answers, shared as configured', () => {
    expect(judge(clean(100))).toMatchObject({ removed: true, against: [], shares: { aks2: 0.5, k3s: 0.5 } });
  });

  test('one answer of the victim is enough against it, also one that failed', () => {
    expect(judge([...clean(99), one('aks1')]).removed).toBe(false);
    expect(judge([...clean(99), one('aks1', { class: 'http-5xx' })]).removed).toBe(false);
  });

  test('a failure without a name is enough against it, unless that is normal here', () => {
    const dirty = [...clean(99), one('', { class: 'timeout', answered: false })];
    expect(judge(dirty).against).toEqual(['1 of 100 requests failed and nobody can be named for it']);
    expect(judge(dirty, { baseline: 0.01 }).removed).toBe(true);
  });

  test('a failure that a survivor put its name to does not count against the removal', () => {
    expect(judge([...clean(99), one('aks2', { class: 'http-5xx' })]).removed).toBe(true);
  });

  test('survivors far from their shares', () => {
    const lopsided = [...clean(40), ...Array.from({ length: 60 }, () => one('aks2'))];
    expect(judge(lopsided).against).toEqual([
      expect.stringMatching(/served 80 %, by its weight it should 50 %|served 20 %/),
    ]);
  });

  test('answers that name nobody prove nothing', () => {
    expect(judge(Array.from({ length: 100 }, () => one(''))).against).toEqual(['no survivor answered']);
  });

  test('never while the victim answered within the window, whatever else happened', () => {
    const any = fc.record({
      routed: fc.constantFrom('aks1', 'aks2', 'k3s', ''),
      class: fc.constantFrom('ok', 'http-5xx', 'timeout') as fc.Arbitrary<Sample['class']>,
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 200 }), (samples) => {
        const state = judge(samples.map(({ routed, class: kind }) => one(routed, { class: kind })));
        const dirty = samples.some(
          ({ routed, class: kind }) => routed === 'aks1' || (routed === '' && kind !== 'ok'),
        );
        if (dirty) expect(state.removed).toBe(false);
      }),
    );
  });
});

describe('the window', () => {
  const at = (times: number[]) => times.map((sentMs) => one('aks2', { sentMs }));

  test('is the shortest that holds enough requests over a whole probe round', () => {
    const samples = at(Array.from({ length: 400 }, (_, n) => n * 20));
    const window = windowOf(samples, criteria)!;
    expect(window.length).toBe(251);
    expect(window.at(-1)!.sentMs - window[0]!.sentMs).toBe(5_000);
    expect(windowOf(at([0, 5_000, 10_000]), criteria)).toBeUndefined();
    expect(windowOf(samples.slice(0, 200), criteria)).toBeUndefined();
  });
});

describe('how many requests', () => {
  test('a leftover of 2 % shows itself in 228 requests with 99 % confidence', () => {
    expect(requestsFor(0.02)).toBe(228);
    expect(leftoverBound(228)).toBeLessThanOrEqual(0.02);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.5, noNaN: true }), (leftover) => {
        expect((1 - leftover) ** requestsFor(leftover)).toBeLessThanOrEqual(0.01 + 1e-9);
        expect(leftoverBound(requestsFor(leftover))).toBeLessThanOrEqual(leftover + 1e-9);
      }),
    );
  });

  test('a share to within 15 points', () => {
    expect(requestsForMargin(0.15)).toBe(74);
  });
});

describe('expected shares', () => {
  const backend = (member: string, change: Partial<Backend> = {}): Backend => ({
    member,
    name: member,
    address: member,
    hostHeader: '',
    enabled: true,
    weight: 50,
    priority: 1,
    ...change,
  });

  test('by weight among the enabled of the lowest priority, without the lost one', () => {
    const backends = [
      backend('aks1'),
      backend('aks2', { weight: 100 }),
      backend('k3s', { priority: 2 }),
      backend('spare', { enabled: false }),
    ];
    expect(expectedShares({ backends })).toEqual({ aks1: 1 / 3, aks2: 2 / 3 });
    expect(expectedShares({ backends }, 'aks1')).toEqual({ aks2: 1 });
    expect(expectedShares({ backends: backends.slice(2) }, 'k3s')).toEqual({});
  });
});

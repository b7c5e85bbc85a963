import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Shot } from '../../activities/ports/load.ts';
import { createTally, fit, SLICE_BYTES, sliceResult } from '../../activities/traffic/tally.ts';
import type { RequestClass } from '../../dsl/window.ts';
import { windowOf } from '../../dsl/window.ts';

const classes: RequestClass[] = ['ok', 'http-5xx', 'reset', 'timeout', 'dropped'];
const name = fc.constantFrom('', 'aks1', 'aks2', 'k3s');
const shots = fc.record({
  class: fc.constantFrom(...classes),
  routed: name,
  served: name,
  pod: fc.constantFrom('', 'a', 'b'),
  bytes: fc.nat(100),
}) as fc.Arbitrary<Shot>;

const frame = { fromMs: 0, untilMs: 5_000, intended: 0, unknown: [], eventLoopLagMaxMs: 0 };
const everything = (seconds: Parameters<typeof windowOf>[0]) => windowOf(seconds, 0, Number.MAX_SAFE_INTEGER);

describe('the tally', () => {
  test('loses no request, whatever came of it', () => {
    fc.assert(
      fc.property(fc.array(shots, { maxLength: 300 }), (all) => {
        const tally = createTally({ count: 50, periodMs: 1_000 });
        for (const [n, shot] of all.entries()) tally.record({ n, shot, lagMs: 0, latencyMs: 1, endedMs: n });
        const result = sliceResult(tally, frame);
        const window = everything(result.seconds);
        expect(window.requests).toBe(all.length);
        expect(window.ok).toBe(all.filter((shot) => shot.class === 'ok').length);
        expect(window.unattributed).toBe(all.filter((shot) => shot.routed === '').length);
        expect(Object.values(result.pods).reduce((sum, n) => sum + n, 0)).toBe(
          all.filter((shot) => shot.pod !== '').length,
        );
      }),
      { numRuns: 50 },
    );
  });

  test('a refusal is no latency, a time-out is', () => {
    const tally = createTally({ count: 1, periodMs: 1_000 });
    const shot: Shot = { class: 'refused', routed: '', served: '', pod: '', bytes: 0 };
    tally.record({ n: 0, shot, lagMs: 0, latencyMs: 1, endedMs: 0 });
    tally.record({ n: 1, shot: { ...shot, class: 'timeout' }, lagMs: 0, latencyMs: 2_000, endedMs: 0 });
    const result = sliceResult(tally, frame);
    expect(result.p50Ms).toBeCloseTo(2_000, -1);
    expect(tally.latency.totalCount).toBe(1);
  });

  test('stays within its bytes: the rarest pods go first, then who served, never who routed', () => {
    const members = Array.from({ length: 40 }, (_, i) => `member-with-a-long-name-${i}`);
    const tally = createTally({ count: 1_000, periodMs: 1_000 });
    for (let n = 0; n < 20_000; n += 1) {
      const shot: Shot = {
        class: 'ok',
        status: 200,
        routed: members[n % 40]!,
        served: members[(n * 7 + Math.floor(n / 40)) % 40]!,
        pod: `pod-${n}`,
        bytes: 1,
      };
      tally.record({ n: n % 5_000, shot, lagMs: 0, latencyMs: 1 + (n % 3_000), endedMs: n });
    }
    const result = sliceResult(tally, frame);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(32 * 1024);
    expect(everything(result.seconds).requests).toBe(20_000);
    expect(everything(result.seconds).routed[members[0]!]).toBeCloseTo(1 / 40, 5);
  });

  test('keeps the pods that answered most', () => {
    const pods = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`aks1/pod-${i}`, 5_000 - i]));
    const small = { ...frame, seconds: [], latency: '', p50Ms: 0, p99Ms: 0, maxMs: 0, bytes: 0 };
    const result = fit({ ...small, sendLagP99Ms: 0, sendLagMaxMs: 0, pods, lastRoutedMs: {} });
    expect(result.pods['aks1/pod-0']).toBe(5_000);
    expect(result.pods['aks1/pod-4999']).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(SLICE_BYTES);
  });
});

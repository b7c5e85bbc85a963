import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueMs, dueSecond, firstIndex, isFresh, parseRate } from '../../activities/traffic/schedule.ts';

const rates = fc
  .tuple(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom('s', 'm'))
  .map(([count, unit]) => parseRate(`${count}/${unit}`));
/** From 1970 until after 2100. */
const instants = fc.integer({ min: 0, max: 4_200_000_000_000 });

describe('the schedule', () => {
  test('slices that meet share no request and lose none', () => {
    fc.assert(
      fc.property(
        rates,
        instants,
        fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 8 }),
        (rate, t0, steps) => {
          let at = t0;
          const bounds = [at, ...steps.map((step) => (at += step))];
          const whole = firstIndex(rate, at) - firstIndex(rate, t0);
          const parts = bounds
            .slice(1)
            .map((until, i) => firstIndex(rate, until) - firstIndex(rate, bounds[i]!));
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
        },
      ),
    );
  });

  test('a slice holds exactly the requests that are due in it', () => {
    fc.assert(
      fc.property(rates, instants, (rate, ms) => {
        const n = firstIndex(rate, ms);
        expect(dueMs(rate, n)).toBeGreaterThanOrEqual(ms);
        if (n > 0) expect(dueMs(rate, n - 1)).toBeLessThanOrEqual(ms);
        if (n > 0) expect(firstIndex(rate, Math.floor(dueMs(rate, n - 1)))).toBeLessThan(n);
      }),
    );
  });

  test('requests are evenly spaced, and belong to the second in which they are due', () => {
    fc.assert(
      fc.property(rates, instants, (rate, ms) => {
        const n = firstIndex(rate, ms);
        expect(dueMs(rate, n + 1) - dueMs(rate, n)).toBeCloseTo(rate.periodMs / rate.count, 2);
        const second = dueSecond(rate, n);
        expect(n).toBeGreaterThanOrEqual(firstIndex(rate, second * 1000));
        expect(n).toBeLessThan(firstIndex(rate, (second + 1) * 1000));
      }),
    );
  });

  test('the asked share of requests opens connections, in every stretch', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1e12 }),
        (share, from) => {
          const fresh = Array.from({ length: 500 }, (_, i) => isFresh(share, from + i)).filter(
            Boolean,
          ).length;
          expect(Math.abs(fresh / 500 - share)).toBeLessThan(0.03);
        },
      ),
    );
  });

  test('rates of a second and of a minute', () => {
    expect(parseRate('50/s')).toEqual({ count: 50, periodMs: 1_000 });
    expect(parseRate('30/m')).toEqual({ count: 30, periodMs: 60_000 });
  });
});

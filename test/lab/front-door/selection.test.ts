import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isHealthy, record } from '../../../lab/front-door/samples.ts';
import { type Candidate, createTurns, eligible } from '../../../lab/front-door/selection.ts';

const candidate = fc.record({
  enabled: fc.boolean(),
  healthy: fc.boolean(),
  priority: fc.integer({ min: 1, max: 5 }),
  weight: fc.integer({ min: 1, max: 1000 }),
  latencyMs: fc.integer({ min: 0, max: 500 }),
});
const candidates = fc
  .array(candidate, { minLength: 1, maxLength: 6 })
  .map((all): Candidate[] => all.map((one, index) => ({ ...one, name: `o${index}` })));
const band = fc.integer({ min: 0, max: 1000 });

describe('which origins are eligible', () => {
  test('never one that is disabled; none only when all are', () => {
    fc.assert(
      fc.property(candidates, band, (all, ms) => {
        const chosen = eligible(all, ms);
        expect(chosen.every((one) => one.enabled)).toBe(true);
        expect(chosen.length === 0).toBe(all.every((one) => !one.enabled));
      }),
    );
  });

  test('while one is healthy: healthy ones of the lowest priority, within the band of the fastest of them', () => {
    fc.assert(
      fc.property(candidates, band, (all, ms) => {
        const healthy = all.filter((one) => one.enabled && one.healthy);
        fc.pre(healthy.length > 0);
        const first = Math.min(...healthy.map((one) => one.priority));
        const peers = healthy.filter((one) => one.priority === first);
        const fastest = Math.min(...peers.map((one) => one.latencyMs));
        expect(eligible(all, ms)).toEqual(peers.filter((one) => one.latencyMs - fastest <= ms));
      }),
    );
  });

  test('all unhealthy: every enabled one, whatever its priority', () => {
    fc.assert(
      fc.property(candidates, band, (all, ms) => {
        const dead = all.map((one) => ({ ...one, healthy: false }));
        expect(eligible(dead, ms)).toEqual(dead.filter((one) => one.enabled));
      }),
    );
  });
});

describe('turns', () => {
  test('a whole cycle gives each exactly its weight', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, (given) => {
        const all = given.map((weight, index) => ({ ...blank, name: `o${index}`, weight }));
        const take = createTurns();
        const counts = new Map<string, number>();
        const cycle = given.reduce((sum, weight) => sum + weight, 0);
        for (let turn = 0; turn < cycle; turn += 1) {
          const name = take(all)?.name ?? '';
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        expect(all.map(({ name }) => counts.get(name))).toEqual(given);
      }),
    );
  });

  test('nobody to take', () => {
    expect(createTurns()([])).toBeUndefined();
  });
});

const blank = { enabled: true, healthy: true, priority: 1, latencyMs: 0 };

describe('x of n', () => {
  const setting = fc
    .integer({ min: 1, max: 20 })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size })));

  test('exactly n - x + 1 failures in a row remove a healthy origin, x successes bring a dead one back', () => {
    fc.assert(
      fc.property(setting, ([size, required]) => {
        let samples: boolean[] = Array.from({ length: size }, () => true);
        let failures = 0;
        while (isHealthy(samples, size, required)) {
          samples = record(samples, false, size);
          failures += 1;
        }
        expect(failures).toBe(size - required + 1);
        for (let n = 0; n < size; n += 1) samples = record(samples, false, size);
        let successes = 0;
        while (!isHealthy(samples, size, required)) {
          samples = record(samples, true, size);
          successes += 1;
        }
        expect(successes).toBe(required);
      }),
    );
  });

  test('keeps no more than n; what was not sampled yet counts as passed', () => {
    fc.assert(
      fc.property(setting, fc.array(fc.boolean(), { maxLength: 60 }), ([size, required], results) => {
        const samples = results.reduce<boolean[]>((all, passed) => record(all, passed, size), []);
        expect(samples).toEqual(results.slice(-size));
        const passed = samples.filter(Boolean).length + size - samples.length;
        expect(isHealthy(samples, size, required)).toBe(passed >= required);
      }),
    );
  });
});

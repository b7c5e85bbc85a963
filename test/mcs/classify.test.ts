/** Which way requests spread: told from sequences drawn by each of the three, and left open where nobody could tell. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Counts,
  classify,
  hypotheses,
  type Pattern,
  type Shares,
} from '../../activities/mcs/classify.ts';

/** mulberry32: a seed draws the same sequence always. */
function drawn(shares: Shares, length: number, seed: number): string[] {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const names = Object.keys(shares);
  return Array.from({ length }, () => {
    let left = random();
    for (const name of names) {
      left -= shares[name]!;
      if (left < 0) return name;
    }
    return names.at(-1)!;
  });
}

const names = ['aks1', 'aks2', 'k3s', 'edge'];
/** Two to four members, so unlike in pods that flat and per-cluster are at least a fifth apart. */
const unlike = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 5, max: 40 }))
  .map(([members, many]): Counts => {
    const counts = Object.fromEntries(names.slice(0, members).map((name) => [name, 1]));
    return { ...counts, aks1: many };
  })
  .filter((endpoints) => {
    const { flat, 'per-cluster': even } = hypotheses(endpoints, 'k3s');
    return flat!.aks1! - even!.aks1! > 0.2 && flat!.aks1! < 0.75;
  });
const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const runs = { numRuns: 40, seed: 7 };

describe('a sequence that one of the three drew', () => {
  test.each<[Pattern, string]>([
    ['flat', 'aks2'],
    ['per-cluster', 'aks2'],
    ['local-first', 'aks2'],
  ])('%s is called that', (pattern, local) => {
    fc.assert(
      fc.property(unlike, seed, (endpoints, from) => {
        const served = drawn(hypotheses(endpoints, local)[pattern]!, 400, from);
        expect(classify(served, endpoints, local).pattern).toBe(pattern);
      }),
      runs,
    );
  });

  test('names do not matter, only who asks and how many stand behind', () => {
    fc.assert(
      fc.property(unlike, seed, (endpoints, from) => {
        const served = drawn(hypotheses(endpoints, 'aks2').flat!, 200, from);
        const renamed = (name: string) => `other-${name}`;
        const others = Object.fromEntries(
          Object.entries(endpoints).map(([name, count]) => [renamed(name), count]),
        );
        const { pattern } = classify(served.map(renamed), others, renamed('aks2'));
        expect(pattern).toBe(classify(served, endpoints, 'aks2').pattern);
      }),
      runs,
    );
  });

  test('what fits is among what is called, and shares of each hypothesis sum to one', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 9 })),
        fc.array(fc.constantFrom(...names), { maxLength: 60 }),
        (endpoints, served) => {
          const { pattern, fitting, expected } = classify(served, endpoints, 'k3s');
          if (fitting.length === 1) expect(pattern).toBe(fitting[0]);
          else expect(['undecided', 'other']).toContain(pattern);
          for (const shares of Object.values(expected)) {
            const sum = Object.values(shares).reduce((all, share) => all + share, 0);
            if (Object.keys(shares).length > 0) expect(sum).toBeCloseTo(1);
          }
        },
      ),
      runs,
    );
  });
});

test('the scenario: 5, 3 and 1 pods', () => {
  const endpoints = { aks1: 5, aks2: 3, k3s: 1 };
  const of = (counts: Counts) =>
    Object.entries(counts).flatMap(([name, count]) => Array<string>(count).fill(name));
  expect(classify(of({ aks1: 111, aks2: 67, k3s: 22 }), endpoints, 'k3s')).toMatchObject({ pattern: 'flat' });
  expect(classify(of({ aks1: 67, aks2: 67, k3s: 66 }), endpoints, 'k3s')).toMatchObject({
    pattern: 'per-cluster',
  });
  expect(classify(of({ k3s: 190, aks1: 10 }), endpoints, 'k3s')).toMatchObject({ pattern: 'local-first' });
  // Nobody's way: the smallest gets the most, and not nearly all.
  expect(classify(of({ k3s: 120, aks1: 40, aks2: 40 }), endpoints, 'k3s')).toMatchObject({
    pattern: 'other',
  });
  // A member that runs nothing cannot come first.
  expect(classify(of({ aks1: 100, aks2: 100 }), { aks1: 5, aks2: 5 }, 'k3s')).toMatchObject({
    pattern: 'undecided',
    fitting: ['flat', 'per-cluster'],
  });
  expect(classify(of({ aks1: 200 }), { aks1: 5 }, 'k3s')).toMatchObject({
    pattern: 'undecided',
    why: 'only aks1 stands behind the name',
  });
  expect(classify([], endpoints, 'k3s')).toMatchObject({ pattern: 'undecided', fitting: [] });
});

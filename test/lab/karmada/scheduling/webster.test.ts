import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { divideByWebster } from '../../../../lab/karmada/scheduling/webster.ts';

function divided(replicas: number, weights: Record<string, number>, uid?: string): Record<string, number> {
  return Object.fromEntries(
    divideByWebster(replicas, weights, uid).map((share) => [share.name, share.replicas]),
  );
}

const FIVE_THREE_ONE = { aks1: 5, aks2: 3, k3s: 1 };

test.each([
  [9, FIVE_THREE_ONE, { aks1: 5, aks2: 3, k3s: 1 }],
  [9, { aks2: 3, k3s: 1 }, { aks2: 7, k3s: 2 }],
  [9, { aks1: 5, k3s: 1 }, { aks1: 7, k3s: 2 }],
  [14, FIVE_THREE_ONE, { aks1: 7, aks2: 5, k3s: 2 }],
  [14, { aks1: 5, aks2: 7, k3s: 2 }, { aks1: 5, aks2: 7, k3s: 2 }],
  [0, FIVE_THREE_ONE, { aks1: 0, aks2: 0, k3s: 0 }],
  [7, { a: 1, b: 3 }, { a: 2, b: 5 }],
])('%i at %j is %j', (replicas, weights, expected) => {
  expect(divided(replicas, weights)).toEqual(expected);
});

test('a tie goes to the smaller share, then to the first name, or the last for a uid that hashes odd', () => {
  expect(divided(1, { a: 1, b: 1 })).toEqual({ a: 1, b: 0 });
  const uids = Array.from({ length: 16 }, (_, at) => `uid-${at}`);
  const winners = uids.map((uid) => (divided(1, { a: 1, b: 1 }, uid).a === 1 ? 'a' : 'b'));
  expect(new Set(winners)).toEqual(new Set(['a', 'b']));
});

const weightsArbitrary = fc.dictionary(
  fc.constantFrom('aks1', 'aks2', 'k3s', 'edge', 'west'),
  fc.integer({ min: 1, max: 20 }),
  { minKeys: 1 },
);
const replicasArbitrary = fc.integer({ min: 0, max: 200 });

test('the shares add up to what there is to divide', () => {
  fc.assert(
    fc.property(replicasArbitrary, weightsArbitrary, fc.string(), (replicas, weights, uid) => {
      const sum = divideByWebster(replicas, weights, uid).reduce((total, share) => total + share.replicas, 0);
      expect(sum).toBe(replicas);
    }),
  );
});

test('one replica more takes none from any cluster', () => {
  fc.assert(
    fc.property(replicasArbitrary, weightsArbitrary, fc.string(), (replicas, weights, uid) => {
      const before = divided(replicas, weights, uid);
      const after = divided(replicas + 1, weights, uid);
      for (const name of Object.keys(weights)) expect(after[name]).toBeGreaterThanOrEqual(before[name] ?? 0);
    }),
  );
});

test('a greater weight never gets less', () => {
  fc.assert(
    fc.property(replicasArbitrary, weightsArbitrary, (replicas, weights) => {
      const shares = divideByWebster(replicas, weights);
      for (const a of shares)
        for (const b of shares)
          if (a.weight > b.weight) expect(a.replicas).toBeGreaterThanOrEqual(b.replicas);
    }),
  );
});

test('weights in proportion give the same shares; what the weights add up to gives the weights', () => {
  fc.assert(
    fc.property(
      replicasArbitrary,
      weightsArbitrary,
      fc.integer({ min: 2, max: 9 }),
      (replicas, weights, times) => {
        const scaled = Object.fromEntries(
          Object.entries(weights).map(([name, weight]) => [name, weight * times]),
        );
        expect(divided(replicas, scaled)).toEqual(divided(replicas, weights));
        const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
        expect(divided(total, weights)).toEqual({ ...weights });
      },
    ),
  );
});

import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LookKind } from '../../activities/kind.ts';
import { sample } from '../../activities/traffic/sample.ts';
import type { Sampled } from '../../activities/traffic/sample-verdict.ts';
import { failuresPValue, testShares } from '../../activities/traffic/shares.ts';
import { contextOn, evenBackends, fleetAt, mark, type Site, serve } from './world.ts';

const kind = sample as unknown as LookKind<unknown, Sampled>;
const members = ['aks1', 'aks2', 'k3s'];
const thirds = { aks1: 1 / 3, aks2: 1 / 3, k3s: 1 / 3 };

let site: Site | undefined;
afterEach(async () => site?.close());

/** Answers the n-th request as the n-th name says; '' is a failure. */
async function answering(name: (n: number) => string) {
  let n = 0;
  site = await serve((_, response) => {
    const member = name(n++);
    if (member === '') response.writeHead(503).end();
    else mark(response, member).end();
  });
  return fleetAt(site.url);
}

const look = async (name: (n: number) => string, options: Parameters<typeof contextOn>[1] = {}) =>
  kind.look(sample.input.parse({}), contextOn(await answering(name), options));

describe('a sample of 20', () => {
  test('shows who answered each, and passes round-robin', async () => {
    const seen = await look((n) => members[n % 3]!);
    expect(sample.output.parse(seen)).toEqual(seen);
    expect(seen.lines).toHaveLength(20);
    expect(seen.lines[0]).toBe('POD_NAME=aks1-pod NODE_NAME=aks1-node CLUSTER=aks1');
    expect(seen).toMatchObject({
      routed: { aks1: 7, aks2: 7, k3s: 6 },
      failed: 0,
      switches: 19,
      expected: thirds,
    });
    expect(seen.pValue).toBeGreaterThan(0.9);
    expect(seen.verdict).toContain('as configured, as far as 20 answers can tell');
  });

  test('weights count: 5/3/1 passes where it is configured, and is not mistaken for thirds', async () => {
    const weights = [5, 3, 1];
    const backends = evenBackends.map((backend, i) => ({ ...backend, weight: weights[i]! * 100 }));
    const order = ['aks1', 'aks2', 'aks1', 'aks2', 'aks1', 'k3s', 'aks1', 'aks2', 'aks1'];
    const seen = await look((n) => order[n % 9]!, { backends });
    expect(seen.expected.aks1).toBeCloseTo(5 / 9);
    expect(seen.pValue).toBeGreaterThan(0.5);
  });

  test('a cluster that never answers is a finding only when its share makes that unlikely', async () => {
    const [big, middle, small] = evenBackends;
    const rare = [
      { ...big!, weight: 100 },
      { ...middle!, weight: 100 },
      { ...small!, weight: 5 },
    ];
    const pair = (n: number) => members[n % 2]!;
    expect((await look(pair, { backends: rare })).routed).toEqual({ aks1: 10, aks2: 10 });
    await site!.close();
    await expect(look(pair)).resolves.toMatchObject({ routed: { aks1: 10, aks2: 10 } });
    await site!.close();
    await expect(look(() => 'aks1')).rejects.toMatchObject({ type: 'deviated' });
  });

  test('a cluster that should get nothing must not answer', async () => {
    const backends = evenBackends.map((backend) => ({
      ...backend,
      priority: backend.member === 'k3s' ? 2 : 1,
    }));
    await expect(look((n) => members[n % 3]!, { backends })).rejects.toThrow(
      'k3s answered, though no share is theirs',
    );
  });

  test('names in blocks are no alternation', async () => {
    await expect(look((n) => members[Math.floor(n / 7)]!)).rejects.toThrow('the names come in blocks');
  });

  test('one failure may be chance, two are not', async () => {
    expect(await look((n) => (n === 5 ? '' : members[n % 3]!))).toMatchObject({ failed: 1 });
    await site!.close();
    await expect(look((n) => (n % 10 === 5 ? '' : members[n % 3]!))).rejects.toThrow('2 of 20 failed');
  });

  test('answers without a name cannot be judged', async () => {
    site = await serve((_, response) => response.end('hello'));
    const look = kind.look(sample.input.parse({}), contextOn(fleetAt(site.url)));
    await expect(look).rejects.toMatchObject({ type: 'unjudged' });
  });
});

describe('the statistics', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 });
  const sharesOf = (given: number[]) => {
    const total = given.reduce((sum, weight) => sum + weight, 0);
    return Object.fromEntries(given.map((weight, i) => [`m${i}`, weight / total]));
  };

  test('smooth weighted round-robin is never a finding, whatever the weights', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const sequence = smoothRoundRobin(given, 40);
        const seen = testShares(sequence, sharesOf(given));
        expect(seen.pValue).toBeGreaterThan(0.001);
        expect(seen.alternationPValue).toBeGreaterThan(0.001);
        expect(seen.distance).toBeLessThan(0.2);
      }),
      { numRuns: 8 },
    );
  });

  test('one cluster that takes everything is always a finding', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const shares = sharesOf(given);
        const [rarest] = Object.entries(shares).sort(([, a], [, b]) => a - b)[0]!;
        const seen = testShares(new Array(20).fill(rarest), shares);
        expect(seen.pValue).toBeLessThan(0.001);
        expect(seen.distance).toBeCloseTo(1 - shares[rarest]!, 9);
      }),
      { numRuns: 8 },
    );
  });

  test('any sequence gives a chance and a distance', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...members), { minLength: 20, maxLength: 20 }), (sequence) => {
        const seen = testShares(sequence, thirds);
        expect(seen.pValue).toBeGreaterThan(0);
        expect(seen.pValue).toBeLessThanOrEqual(1);
        expect(seen.distance).toBeGreaterThanOrEqual(0);
        expect(seen.distance).toBeLessThanOrEqual(1);
      }),
      { numRuns: 8 },
    );
  });

  test('the simulated p-value is the exact one', () => {
    // Two equal shares, 14 of 20 heads: 2 × P(X ≥ 14) = 0.11532 by the binomial distribution.
    const sequence = [...new Array(14).fill('a'), ...new Array(6).fill('b')];
    expect(testShares(sequence, { a: 0.5, b: 0.5 }).pValue).toBeCloseTo(0.1153, 2);
  });

  test('chance of failures, exactly', () => {
    expect(failuresPValue(0, 20, 0.001)).toBe(1);
    expect(failuresPValue(1, 20, 0.001)).toBeCloseTo(1 - 0.999 ** 20, 12);
    expect(failuresPValue(2, 20, 0.001)).toBeLessThan(0.001);
  });
});

function smoothRoundRobin(weights: number[], length: number): string[] {
  const current = weights.map(() => 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length }, () => {
    for (const [i, weight] of weights.entries()) current[i]! += weight;
    const next = current.indexOf(Math.max(...current));
    current[next]! -= total;
    return `m${next}`;
  });
}

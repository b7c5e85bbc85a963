/**
 * What a handful of answers can say about how a load balancer spreads them. Asking for "at least one of each"
 * would fail a sound balancer by chance and pass a lopsided one; this asks how likely such a sequence is when
 * the shares are as configured.
 */

/** Member → share, summing to 1. */
export type Shares = Record<string, number>;

export interface ShareTest {
  /** Chance of counts at least this far off (chi-square) under the expected shares; 0 when one has no share. */
  pValue: number;
  /** Share of the answers that would have to go elsewhere (total variation distance), 0..1. */
  distance: number;
  /** How often the next answer is of another cluster. */
  switches: number;
  /** Chance of so few switches, when each answer is drawn for itself. Round-robin switches more often, never less. */
  alternationPValue: number;
  /** Clusters that answered though no share is theirs. */
  unexpected: string[];
}

/** Smallest p-value 1/10,001, a tenth of the 0.001 that is judged by; about 10 ms for 20 requests. */
const DRAWS = 10_000;

export function testShares(sequence: readonly string[], expected: Shares): ShareTest {
  const names = Object.keys(expected).filter((name) => expected[name]! > 0);
  const shares = names.map((name) => expected[name]!);
  const observed = sequence.map((name) => names.indexOf(name));
  const unexpected = [...new Set(sequence.filter((name) => !names.includes(name)))];
  const seen = countsOf(observed, names.length);
  const switches = switchesOf(observed);
  const distance =
    shares.reduce((sum, share, i) => sum + Math.max(0, seen[i]! / Math.max(sequence.length, 1) - share), 0) +
    observed.filter((i) => i < 0).length / Math.max(sequence.length, 1);
  const { further, fewer } = simulate(
    sequence.length,
    shares,
    chiSquare(seen, shares, sequence.length),
    switches,
  );
  return {
    pValue: unexpected.length > 0 ? 0 : (further + 1) / (DRAWS + 1),
    distance,
    switches,
    alternationPValue: (fewer + 1) / (DRAWS + 1),
    unexpected,
  };
}

/** The chance of `failures` or more among `requests` that each fail with `rate`. */
export function failuresPValue(failures: number, requests: number, rate: number): number {
  let below = 0;
  let term = (1 - rate) ** requests;
  for (let k = 0; k < failures; k += 1) {
    below += term;
    term *= ((requests - k) / (k + 1)) * (rate / (1 - rate));
  }
  return Math.max(0, 1 - below);
}

function simulate(length: number, shares: number[], chi: number, switches: number) {
  const random = mulberry32(length);
  const drawn: number[] = new Array(length);
  let further = 0;
  let fewer = 0;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    for (let i = 0; i < length; i += 1) drawn[i] = pick(shares, random());
    // Sums in another order differ in their last digits.
    if (chiSquare(countsOf(drawn, shares.length), shares, length) >= chi - 1e-9) further += 1;
    if (switchesOf(drawn) <= switches) fewer += 1;
  }
  return { further, fewer };
}

function pick(shares: number[], at: number): number {
  let left = at;
  for (let i = 0; i < shares.length - 1; i += 1) {
    left -= shares[i]!;
    if (left < 0) return i;
  }
  return shares.length - 1;
}

function countsOf(sequence: readonly number[], kinds: number): number[] {
  const counts = new Array<number>(kinds).fill(0);
  for (const i of sequence) if (i >= 0) counts[i]! += 1;
  return counts;
}

const chiSquare = (counts: number[], shares: number[], total: number) =>
  total === 0
    ? 0
    : shares.reduce((sum, share, i) => sum + (counts[i]! - total * share) ** 2 / (total * share), 0);

function switchesOf(sequence: readonly number[]): number {
  let switches = 0;
  for (let i = 1; i < sequence.length; i += 1) if (sequence[i] !== sequence[i - 1]) switches += 1;
  return switches;
}

/** A seeded generator (public domain, Tommy Ettinger): the same answers give the same p-value. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

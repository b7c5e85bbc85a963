/**
 * Which of three ways of spreading requests over clusters a sequence of them came by. Pure; three hypotheses about the
 * same numbers, so the answer may be that these numbers cannot tell.
 */
/** Member → ready endpoints behind the name, or → requests. */
export type Counts = Record<string, number>;
export type Shares = Record<string, number>;

export const patterns = ['flat', 'local-first', 'per-cluster'] as const;
/** `flat`: every pod gets as much as any other. `per-cluster`: every cluster does. `local-first`: the own pods, mostly. */
export type Pattern = (typeof patterns)[number];

export interface Classified {
  /** `undecided`: more than one fits. `other`: none does. */
  pattern: Pattern | 'undecided' | 'other';
  /** Those that fit. */
  fitting: Pattern[];
  expected: Partial<Record<Pattern, Shares>>;
  why: string;
}

/** Normal deviate that is exceeded once in a thousand. */
const LIMIT = 3.09;
/** Below this share of requests in the wrong place a spread is the expected one, however many requests prove it inexact. */
const NEAR = 0.05;
/** Own pods first, with a spill-over of at most a fifth (design.md: effect size). */
const SPILL = 0.2;

/**
 * @param served the member that served each request, in order
 * @param local the member that asked
 */
export function classify(served: readonly string[], endpoints: Counts, local: string): Classified {
  const expected = hypotheses(endpoints, local);
  const names = Object.keys(endpoints).filter((name) => endpoints[name]! > 0);
  if (served.length === 0)
    return { pattern: 'undecided', fitting: [], expected, why: 'no answer names the member that served it' };
  if (names.length < 2)
    return {
      pattern: 'undecided',
      fitting: [...patterns],
      expected,
      why: `only ${names[0] ?? 'no member'} stands behind the name`,
    };
  const fitting = patterns.filter((pattern) => fits(pattern, served, expected[pattern], local));
  const [pattern = 'other' as const, ...others] = fitting;
  if (others.length > 0)
    return {
      pattern: 'undecided',
      fitting,
      expected,
      why: `${served.length} requests fit ${fitting.join(' and ')}`,
    };
  const why = fitting.length === 0 ? 'the shares are of none of the three' : `only ${pattern} fits`;
  return { pattern, fitting, expected, why };
}

export function hypotheses(endpoints: Counts, local: string): Partial<Record<Pattern, Shares>> {
  const behind = Object.entries(endpoints).filter(([, count]) => count > 0);
  const all = behind.reduce((sum, [, count]) => sum + count, 0);
  return {
    flat: Object.fromEntries(behind.map(([name, count]) => [name, count / all])),
    'per-cluster': Object.fromEntries(behind.map(([name]) => [name, 1 / behind.length])),
    ...((endpoints[local] ?? 0) > 0 && { 'local-first': { [local]: 1 } }),
  };
}

function fits(
  pattern: Pattern,
  served: readonly string[],
  expected: Shares | undefined,
  local: string,
): boolean {
  if (expected === undefined) return false;
  if (pattern === 'local-first')
    return served.filter((name) => name !== local).length / served.length < SPILL;
  return isLikely(served, expected) || distance(served, expected) < NEAR;
}

/** Chi-square by Wilson and Hilferty's cube root (1931): good from a few expected requests a member on. */
function isLikely(served: readonly string[], expected: Shares): boolean {
  if (served.some((name) => (expected[name] ?? 0) === 0)) return false;
  const freedom = Object.keys(expected).length - 1;
  const chiSquare = Object.entries(expected).reduce((sum, [name, share]) => {
    const wanted = share * served.length;
    return sum + (countOf(name, served) - wanted) ** 2 / wanted;
  }, 0);
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chiSquare / freedom) - (1 - spread)) / Math.sqrt(spread) < LIMIT;
}

/** Share of the requests that would have to go elsewhere. */
function distance(served: readonly string[], expected: Shares): number {
  const names = [...new Set([...served, ...Object.keys(expected)])];
  const off = names.map((name) => Math.max(0, countOf(name, served) / served.length - (expected[name] ?? 0)));
  return off.reduce((sum, part) => sum + part, 0);
}

const countOf = (name: string, served: readonly string[]): number =>
  served.reduce((count, one) => (one === name ? count + 1 : count), 0);

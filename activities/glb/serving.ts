/** Whether the backends serve at their configured shares. Pure. */
import type { Sample } from './sampling.ts';
import { outOfMargin, percent, type Shares, sharesOf } from './shares.ts';

export interface Serving {
  shares: Shares;
  failed: number;
  /** What is against it, for a person; empty when they serve. */
  against: string[];
}

export interface ServingCriteria {
  names: string[];
  expected: Shares;
  margin: number;
}

/** Standard normal quantile of a two-sided 99 % interval. */
const Z99 = 2.576;

/** Requests that know a share to within `margin` with 99 % confidence, whatever the share: z² / 4m². */
export const requestsForMargin = (margin: number): number => Math.ceil((Z99 / (2 * margin)) ** 2);

export function judgeServing(
  samples: readonly Sample[],
  { names, expected, margin }: ServingCriteria,
): Serving {
  const counts: Record<string, number> = {};
  for (const { routed } of samples) if (routed !== '') counts[routed] = (counts[routed] ?? 0) + 1;
  const shares = sharesOf(counts);
  const failed = samples.filter((one) => one.class !== 'ok').length;
  const off = outOfMargin(expected, shares, margin);
  const against = [
    ...(failed > 0 ? [`${failed} of ${samples.length} requests failed`] : []),
    ...names.filter((name) => !counts[name]).map((name) => `${name} served nothing`),
    ...(off
      ? [`${off.member} served ${percent(off.observed)}, by its weight it should ${percent(off.expected)}`]
      : []),
  ];
  return { shares, failed, against };
}

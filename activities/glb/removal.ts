/** When a backend is proven to get no more traffic. Pure. */
import type { Sample } from './sampling.ts';
import { outOfMargin, percent, type Shares, sharesOf } from './shares.ts';

export interface Criteria {
  victim: string;
  /** The window holds at least this many requests … */
  requests: number;
  /** … and spans at least this long: one probe round of every point of presence. */
  windowMs: number;
  /** Share of unattributed failures that is normal here. */
  baseline: number;
  /** Shares of the survivors. */
  expected: Shares;
  margin: number;
}

export interface RemovalState {
  removed: boolean;
  /** What is still against it, for a person; empty when removed. */
  against: string[];
  requests: number;
  victim: number;
  unattributed: number;
  shares: Shares;
}

/** Confidence with which a leftover share would have shown itself. */
const CONFIDENCE = 0.99;

/** Requests needed so that a leftover share of `leftover` would be seen at least once with 99 % confidence. */
export function requestsFor(leftover: number): number {
  return Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(1 - leftover));
}

/** The leftover share that `requests` clean answers leave possible, with 99 % confidence. */
export function leftoverBound(requests: number): number {
  return 1 - (1 - CONFIDENCE) ** (1 / requests);
}

/** A failure whose answer names nobody: a dead cluster answers without identity. */
export const isUnattributedFailure = ({ class: kind, routed }: Sample): boolean =>
  kind !== 'ok' && routed === '';

/** The shortest run of latest samples that holds enough requests over a long enough time; undefined before. */
export function windowOf(
  samples: readonly Sample[],
  { requests, windowMs }: Criteria,
): readonly Sample[] | undefined {
  const last = samples.at(-1);
  if (!last || samples.length < requests) return undefined;
  for (let from = samples.length - requests; from >= 0; from -= 1)
    if (last.sentMs - (samples[from] as Sample).sentMs >= windowMs) return samples.slice(from);
  return undefined;
}

export function judgeRemoval(window: readonly Sample[], criteria: Criteria): RemovalState {
  const { victim, baseline, expected, margin } = criteria;
  const counts: Record<string, number> = {};
  let unattributed = 0;
  for (const sample of window) {
    if (sample.routed !== '') counts[sample.routed] = (counts[sample.routed] ?? 0) + 1;
    else if (isUnattributedFailure(sample)) unattributed += 1;
  }
  const byVictim = counts[victim] ?? 0;
  const { [victim]: _, ...survivors } = counts;
  const shares = sharesOf(survivors);
  const off = outOfMargin(expected, shares, margin);
  const against = [
    ...(byVictim > 0 ? [`${byVictim} of ${window.length} answers were routed by ${victim}`] : []),
    ...(unattributed > baseline * window.length
      ? [`${unattributed} of ${window.length} requests failed and nobody can be named for it`]
      : []),
    ...(Object.keys(survivors).length === 0 ? ['no survivor answered'] : []),
    ...(off && Object.keys(survivors).length > 0
      ? [`${off.member} served ${percent(off.observed)}, by its weight it should ${percent(off.expected)}`]
      : []),
  ];
  const removed = against.length === 0;
  return { removed, against, requests: window.length, victim: byVictim, unattributed, shares };
}

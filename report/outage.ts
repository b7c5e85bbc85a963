/**
 * How long users were without service. Seconds are judged one by one; what was not seen is neither good nor bad,
 * so every answer is a pair of bounds: the outage lasted at least until the last second that was seen to be bad,
 * and at most until the first from which all was seen to be well.
 */
import type { Second } from '../dsl/window.ts';
import { countOf, failedOf, GAP_LIMIT_MS, rowsBetween } from './seconds.ts';
import { lengthMs, type Span } from './spans.ts';

/** A second is bad when more than this share of it failed, or more than failed before the fault. */
const TOLERATED = 0.001;
/** How far before the fault the ordinary share of failures is read. */
const BASELINE_MS = 60_000;
/** One lost request in a hundred over a `settle` is an outage again; a stray error, or what failed before the fault as well, is not. */
const RELAPSE = 0.01;

export interface Outage {
  /** Since when users were healthy and stayed so, epoch ms; absent when that was never seen. */
  healthyAtMs?: number;
  /** After `fromMs`: not shorter than this … */
  atLeastMs: number;
  /** … and not longer than this; absent when users were never seen to be healthy again. */
  atMostMs?: number;
  /** Requests seen from `fromMs` until healthy (or until the end). */
  requests: number;
  failed: number;
  /** Share of failed requests that is ordinary here. */
  tolerated: number;
}

type State = 'good' | 'bad' | 'unseen' | 'short-gap';

/** `span` is [fault, end of the exercise] or [recover begins, recover ends]. */
export function outageOf(seconds: Second[], gaps: Span[], span: Span, settleMs: number): Outage {
  const tolerated = toleratedShare(seconds, span.fromMs);
  const first = Math.floor(span.fromMs / 1000);
  const last = Math.floor(span.untilMs / 1000);
  const states = statesOf(seconds, gaps, first, last, tolerated);
  const settle = Math.max(Math.ceil(settleMs / 1000), 1);
  const healthy = firstHealthy(
    states,
    settle,
    (from) => failedShare(seconds, first + from, settle) > Math.max(RELAPSE, tolerated),
  );
  const lastBad = states.lastIndexOf('bad', healthy ?? states.length - 1);
  const since = (index: number) => Math.max((first + index) * 1000 - span.fromMs, 0);
  const seen = rowsBetween(seconds, {
    fromMs: first * 1000,
    untilMs: healthy === undefined ? span.untilMs : (first + healthy + settle) * 1000,
  });
  return {
    ...(healthy !== undefined && {
      healthyAtMs: Math.max((first + healthy) * 1000, span.fromMs),
      atMostMs: since(healthy),
    }),
    atLeastMs: lastBad < 0 ? 0 : since(lastBad),
    requests: countOf(seen),
    failed: failedOf(seen),
    tolerated,
  };
}

function toleratedShare(seconds: Second[], faultAtMs: number): number {
  const before = rowsBetween(seconds, {
    fromMs: faultAtMs - BASELINE_MS,
    untilMs: Math.floor(faultAtMs / 1000) * 1000,
  });
  const requests = countOf(before);
  return Math.max(TOLERATED, requests === 0 ? 0 : failedOf(before) / requests);
}

function statesOf(seconds: Second[], gaps: Span[], first: number, last: number, tolerated: number): State[] {
  const byAt = new Map(seconds.map((second) => [second.at, second.rows]));
  return Array.from({ length: Math.max(last - first, 0) }, (_, index): State => {
    const at = (first + index) * 1000;
    const rows = byAt.get(first + index) ?? [];
    const gap = gaps.find((one) => one.fromMs < at + 1000 && one.untilMs > at);
    if (failedOf(rows) > tolerated * countOf(rows)) return 'bad';
    if (gap !== undefined && lengthMs(gap) > GAP_LIMIT_MS) return 'unseen';
    if (rows.length > 0) return 'good';
    return gap === undefined ? 'unseen' : 'short-gap';
  });
}

/** Index of the first good second that begins `settle` seconds without a bad or unseen one, with no relapse after. */
function firstHealthy(
  states: State[],
  settle: number,
  relapsed: (from: number) => boolean,
): number | undefined {
  let candidate: number | undefined;
  for (let index = 0; index + settle <= states.length; index += 1) {
    if (candidate !== undefined) {
      if (relapsed(index)) candidate = undefined;
      continue;
    }
    const run = states.slice(index, index + settle);
    if (run[0] === 'good' && run.every((state) => state === 'good' || state === 'short-gap'))
      candidate = index;
  }
  return candidate;
}

function failedShare(seconds: Second[], at: number, settle: number): number {
  const rows = rowsBetween(seconds, { fromMs: at * 1000, untilMs: (at + settle) * 1000 });
  const requests = countOf(rows);
  return requests === 0 ? 0 : failedOf(rows) / requests;
}

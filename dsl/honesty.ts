/**
 * Whether the generator measured the fleet or itself. Pure: judged from the numbers that every slice carries.
 */
import type { SliceResult } from './window.ts';

/**
 * A tenth of the second by which requests are counted: with more delay in more than one request of a hundred,
 * a second's counts are partly those of the next, and the tail of the latency is the generator's own.
 */
export const SEND_LAG_P99_LIMIT_MS = 100;
/**
 * Half the default request timeout of 2 s: a process that stood still for longer can take an answer that lay
 * waiting in its socket for a time-out. Also half the gap in the evidence that design.md tolerates.
 */
export const EVENT_LOOP_LAG_LIMIT_MS = 1_000;
/** A thousandth: as much as an objective of 99.9 % tells apart. A dropped request never left the generator. */
export const DROPPED_LIMIT = 0.001;

export interface Honesty {
  honest: boolean;
  /** One line for each limit that was passed, with the worst slice. */
  why: string[];
}

export function honestyOf(slices: readonly SliceResult[]): Honesty {
  const why = [
    overLimit(slices, (slice) => slice.sendLagP99Ms, SEND_LAG_P99_LIMIT_MS, 'requests left late by (p99)'),
    overLimit(
      slices,
      (slice) => slice.eventLoopLagMaxMs,
      EVENT_LOOP_LAG_LIMIT_MS,
      'the generator stood still for',
    ),
    overDropped(slices),
  ].filter((line) => line !== undefined);
  return { honest: why.length === 0, why };
}

function overLimit(
  slices: readonly SliceResult[],
  read: (slice: SliceResult) => number,
  limitMs: number,
  what: string,
): string | undefined {
  const over = slices.filter((slice) => read(slice) > limitMs).sort((a, b) => read(b) - read(a));
  const worst = over[0];
  if (worst === undefined) return undefined;
  const when = new Date(worst.fromMs).toISOString();
  return `${what} ${Math.round(read(worst))} ms in the slice of ${when}, limit ${limitMs} ms; ${over.length} of ${slices.length} slices`;
}

function overDropped(slices: readonly SliceResult[]): string | undefined {
  let requests = 0;
  let dropped = 0;
  for (const { rows } of slices.flatMap((slice) => slice.seconds))
    for (const row of rows) {
      requests += row.count;
      if (row.class === 'dropped') dropped += row.count;
    }
  if (dropped <= requests * DROPPED_LIMIT) return undefined;
  return `${dropped} of ${requests} requests were never sent, limit ${DROPPED_LIMIT * 100} %`;
}

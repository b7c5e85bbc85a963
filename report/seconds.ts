/** What clients saw, all background streams together, second by second; and what nobody saw. */
import type { Row, Second } from '../dsl/window.ts';
import type { Journal } from './journal.ts';
import { type Span, without } from './spans.ts';

/** A gap longer than this inside [fault, healthy] takes the objective's judgement away (design, "Background traffic"). */
export const GAP_LIMIT_MS = 2_000;

export type Gap = Journal['traffic'][number]['gaps'][number];

/** Every second with requests, in order. */
export function secondsOf(journal: Journal): Second[] {
  const rows = new Map<number, Row[]>();
  for (const stream of journal.traffic)
    for (const slice of stream.slices)
      for (const second of slice.seconds)
        rows.set(second.at, [...(rows.get(second.at) ?? []), ...second.rows]);
  return [...rows].sort(([a], [b]) => a - b).map(([at, all]) => ({ at, rows: all }));
}

/** The seconds without requests that never left the generator: those say nothing about the fleet. */
export function sentSeconds(journal: Journal): Second[] {
  return secondsOf(journal).map(({ at, rows }) => ({
    at,
    rows: rows.filter((row) => row.class !== 'dropped'),
  }));
}

/** Spans that no stream covers: what one generator lost, another may have seen. */
export function gapsOf(journal: Journal): Gap[] {
  return journal.traffic.flatMap((stream) => {
    const seen = journal.traffic.filter((other) => other !== stream).flatMap(spansSeen);
    return stream.gaps.flatMap((gap) => without(gap, seen));
  });
}

function spansSeen({ slices, gaps }: Journal['traffic'][number]): Span[] {
  return slices.flatMap((slice) => without<Span>({ fromMs: slice.fromMs, untilMs: slice.untilMs }, gaps));
}

export function countOf(rows: Row[], keep: (row: Row) => boolean = () => true): number {
  return rows.reduce((sum, row) => sum + (keep(row) ? row.count : 0), 0);
}

export function failedOf(rows: Row[]): number {
  return countOf(rows, (row) => row.class !== 'ok');
}

export function rowsBetween(seconds: Second[], { fromMs, untilMs }: Span): Row[] {
  return seconds.filter(({ at }) => at * 1000 >= fromMs && at * 1000 < untilMs).flatMap(({ rows }) => rows);
}

/** What a live view shows, made from what the run and the server answer. Pure. */
import type { Json } from '../../dsl/plan.ts';
import type { Second, SliceResult } from '../../dsl/window.ts';
import type { RunState } from '../../workflows/protocol.ts';

export interface View {
  /** Absent until a worker has answered for the first time. */
  state: RunState | undefined;
  /** Ready replicas of the workload that is watched, by member; the last that was seen. */
  ready: Record<string, number>;
  traffic: Rates | undefined;
  /** What stands in the way of knowing more, e.g. that no worker polls. */
  notice: string | undefined;
}

/** Requests a second, over the newest seconds known. */
export interface Rates {
  /** By the cluster that routed them. */
  routed: Record<string, number>;
  failed: number;
  /** Epoch ms of the end of the newest second. */
  untilMs: number;
}

export const emptyView: View = { state: undefined, ready: {}, traffic: undefined, notice: undefined };

/** @param progress What the activities told: the results of those that ended, then heartbeats of the pending. */
export function nextView(
  before: View,
  state: RunState | undefined,
  progress: Json[],
  notice: string | undefined,
): View {
  const ready = progress.reduce<Record<string, number>>((seen, one) => readyIn(one) ?? seen, before.ready);
  const known = state ?? before.state;
  return { state: known, ready, traffic: known && (ratesOf(known.traffic) ?? before.traffic), notice };
}

/** Waits report a series of points; those on spread hold the ready replicas of each member. */
export function readyIn(progress: Json): Record<string, number> | undefined {
  const series = field(progress, 'series');
  const ready = Array.isArray(series) ? field(series.at(-1) ?? null, 'ready') : undefined;
  if (typeof ready !== 'object' || ready === null || Array.isArray(ready)) return undefined;
  const counts = Object.entries(ready).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return counts.length === 0 ? undefined : Object.fromEntries(counts);
}

function field(value: Json, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

/** Averaged over this many seconds, or a bar would flicker with the generator's own rounding. */
const SMOOTH_SECONDS = 2;

export function ratesOf(traffic: Record<string, SliceResult[]>): Rates | undefined {
  const seconds = Object.values(traffic).flatMap((slices) => slices.flatMap((slice) => slice.seconds));
  if (seconds.length === 0) return undefined;
  const newest = Math.max(...seconds.map((second) => second.at));
  const recent = seconds.filter((second) => second.at > newest - SMOOTH_SECONDS);
  const span = Math.min(SMOOTH_SECONDS, newest - Math.min(...recent.map((second) => second.at)) + 1);
  return { ...countsOf(recent, span), untilMs: (newest + 1) * 1000 };
}

function countsOf(seconds: Second[], span: number): Pick<Rates, 'routed' | 'failed'> {
  const routed: Record<string, number> = {};
  let failed = 0;
  for (const row of seconds.flatMap((second) => second.rows)) {
    if (row.routed !== '') routed[row.routed] = (routed[row.routed] ?? 0) + row.count / span;
    if (row.class !== 'ok') failed += row.count / span;
  }
  return { routed, failed };
}

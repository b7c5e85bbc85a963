/** Background load: the slices that came in, and the spans of time nobody can speak for. */
import type { SliceResult } from '../../dsl/window.ts';
import type { VerbCall } from '../../workflows/protocol.ts';
import type { Journal } from '../journal.ts';
import type { Activity } from './activities.ts';
import { placeOf } from './steps.ts';

type Traffic = Journal['traffic'][number];
type Gap = Traffic['gaps'][number];

export function trafficOf(activities: Activity[], records: Journal['records'], untilMs: number): Traffic[] {
  const streams = new Map<string, Traffic>();
  for (const entry of records)
    if (entry.record === 'traffic') streams.set(entry.path, { path: entry.path, slices: [], gaps: [] });
  for (const activity of activities) {
    const { path, verb } = placeOf(activity);
    if (verb !== 'slice') continue;
    const stream = streams.get(path) ?? { path, slices: [], gaps: [] };
    streams.set(path, stream);
    add(stream, activity, untilMs);
  }
  for (const stream of streams.values()) {
    stream.slices.sort((a, b) => a.fromMs - b.fromMs);
    stream.gaps = joined([...stream.gaps, ...holes(stream)]);
  }
  return [...streams.values()];
}

function add(stream: Traffic, activity: Activity, untilMs: number): void {
  const result = (activity.result as { result?: SliceResult } | null | undefined)?.result;
  if (result !== undefined) {
    stream.slices.push(result);
    stream.gaps.push(
      ...result.unknown.map((span) => ({
        ...span,
        why: 'its generator was lost and what it sent is unknown',
      })),
    );
    return;
  }
  const window = (activity.argument as Partial<VerbCall> | null)?.window;
  // A slice still under way is no gap: its time has not been spoken of yet.
  const overdue = window !== undefined && window.untilMs < untilMs;
  if (window === undefined || (activity.endedMs === undefined && !overdue)) return;
  stream.gaps.push({ ...window, why: activity.failure?.what ?? 'the slice never came in' });
}

/** Time between two slices that no slice, not even a lost one, was asked to cover. */
function holes(stream: Traffic): Gap[] {
  const spans = [...stream.slices, ...stream.gaps].sort((a, b) => a.fromMs - b.fromMs);
  const found: Gap[] = [];
  let coveredMs = spans[0]?.fromMs ?? 0;
  for (const span of spans) {
    if (span.fromMs > coveredMs)
      found.push({ fromMs: coveredMs, untilMs: span.fromMs, why: 'no slice was sent for it' });
    coveredMs = Math.max(coveredMs, span.untilMs);
  }
  return found;
}

/** Gaps that touch are one: two lost slices in a row are ten seconds of not knowing. */
function joined(gaps: Gap[]): Gap[] {
  const out: Gap[] = [];
  for (const gap of [...gaps].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = out.at(-1);
    if (last === undefined || gap.fromMs > last.untilMs) out.push({ ...gap });
    else last.untilMs = Math.max(last.untilMs, gap.untilMs);
  }
  return out;
}

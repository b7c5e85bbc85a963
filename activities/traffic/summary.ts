/** What a load came to: everything hey prints, and who routed and who served, which it cannot tell. */
import type { SliceResult } from '../../dsl/window.ts';
import type { Shot } from '../ports/load.ts';
import type { Outcome } from './open-loop.ts';
import type { Summary } from './summary-shape.ts';
import { summaryText } from './summary-text.ts';
import { add, type Tally } from './tally.ts';

/** hey's. */
const percents = [10, 25, 50, 75, 90, 95, 99, 99.9];
/** 1-2-5 steps: an outage's tail would squeeze all else into the first of hey's ten equal bins. */
const bounds = [-1, 0, 1, 2, 3]
  .flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power))
  .concat(10_000);

interface Span {
  count: number;
  sum: number;
  least: number;
  most: number;
}

export function createSummary() {
  const statuses = new Map<string, number>();
  const errors = new Map<string, { count: number; example: string }>();
  const routed = new Map<string, number>();
  const served = new Map<string, number>();
  const bins = bounds.map((upToMs) => ({ upToMs, count: 0 }));
  const phases = { dial: span(), wait: span(), read: span() };
  let ok = 0;
  let answered = 0;
  let lastEndedMs = 0;

  function answer(shot: Shot, status: number, latencyMs: number) {
    answered += 1;
    add(statuses, String(status));
    add(routed, shot.routed);
    add(served, shot.served);
    bins.find(({ upToMs }) => latencyMs <= upToMs)!.count += 1;
  }
  function record({ shot, latencyMs, endedMs }: Outcome) {
    lastEndedMs = Math.max(lastEndedMs, endedMs);
    if (shot.class === 'ok') ok += 1;
    if (shot.status !== undefined) answer(shot, shot.status, Math.min(latencyMs, bounds.at(-1)!));
    else {
      const same = errors.get(shot.class);
      if (same === undefined) errors.set(shot.class, { count: 1, example: shot.error ?? '' });
      else same.count += 1;
    }
    widen(phases.dial, shot.dialMs);
    widen(phases.wait, shot.waitMs);
    widen(phases.read, shot.readMs);
  }

  function summarize(result: SliceResult, tally: Tally): Summary {
    const { latency } = tally;
    const totalSeconds = Math.max(lastEndedMs - result.fromMs, 0) / 1000;
    const requests = tally.count();
    const empty = latency.totalCount === 0;
    const numbers: Omit<Summary, 'text'> = {
      totalSeconds: round(totalSeconds),
      intended: result.intended,
      requests,
      ok,
      failed: requests - ok,
      unknown: result.intended - requests,
      requestsPerSecond: totalSeconds === 0 ? 0 : round(requests / totalSeconds),
      bytes: result.bytes,
      bytesPerRequest: answered === 0 ? 0 : Math.round(result.bytes / answered),
      slowestMs: result.maxMs,
      fastestMs: empty ? 0 : latency.minNonZeroValue / 1000,
      averageMs: empty ? 0 : round(latency.mean / 1000),
      latency: empty
        ? []
        : percents.map((percent) => ({ percent, ms: latency.getValueAtPercentile(percent) / 1000 })),
      histogram: trimmed(bins),
      details: { dial: rangeOf(phases.dial), wait: rangeOf(phases.wait), read: rangeOf(phases.read) },
      statusCodes: byCount(statuses),
      errors: [...errors]
        .map(([name, error]) => ({ class: name, ...error }))
        .sort((a, b) => b.count - a.count),
      routed: byCount(routed),
      served: byCount(served),
      pods: result.pods,
      hdr: result.latency,
      sendLagP99Ms: result.sendLagP99Ms,
      eventLoopLagMaxMs: result.eventLoopLagMaxMs,
    };
    return { ...numbers, text: summaryText(numbers) };
  }

  return { record, summarize };
}

const round = (value: number) => Math.round(value * 10_000) / 10_000;

const byCount = (map: Map<string, number>) => Object.fromEntries([...map].sort(([, a], [, b]) => b - a));

function trimmed(bins: Summary['histogram']): Summary['histogram'] {
  const used = bins.map(({ count }) => count > 0);
  return bins.slice(Math.max(used.indexOf(true), 0), used.lastIndexOf(true) + 1);
}

const span = (): Span => ({ count: 0, sum: 0, least: Number.POSITIVE_INFINITY, most: 0 });

function widen(into: Span, ms: number | undefined) {
  if (ms === undefined) return;
  into.count += 1;
  into.sum += ms;
  into.least = Math.min(into.least, ms);
  into.most = Math.max(into.most, ms);
}

function rangeOf({ count, sum, least, most }: Span) {
  if (count === 0) return { averageMs: 0, fastestMs: 0, slowestMs: 0 };
  return { averageMs: round(sum / count), fastestMs: round(least), slowestMs: round(most) };
}

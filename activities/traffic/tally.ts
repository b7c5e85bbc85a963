/** Counts outcomes as they come: seconds by who routed, who served and what came back, latency, pods. */
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Second, SliceResult } from '../../dsl/window.ts';
import type { Outcome } from './open-loop.ts';
import { dueSecond, type Rate } from './schedule.ts';

export interface Tally {
  record(outcome: Outcome): void;
  /** Outcomes so far. */
  count(): number;
  /** All seconds in order, or only the newest so many. */
  seconds(newest?: number): Second[];
  latency: Histogram;
  lag: Histogram;
  bytes(): number;
  /** `cluster/pod` → requests. */
  pods: ReadonlyMap<string, number>;
  lastRouted: ReadonlyMap<string, number>;
}

export function createTally(rate: Rate): Tally {
  const rows = new Map<number, Map<string, Second['rows'][number]>>();
  const pods = new Map<string, number>();
  const lastRouted = new Map<string, number>();
  const latency = microseconds();
  const lag = microseconds();
  let count = 0;
  let bytes = 0;

  function record({ n, shot, latencyMs, lagMs, endedMs }: Outcome) {
    count += 1;
    bytes += shot.bytes;
    const at = dueSecond(rate, n);
    const second = rows.get(at) ?? new Map<string, Second['rows'][number]>();
    rows.set(at, second);
    const key = `${shot.routed}|${shot.served}|${shot.class}`;
    const row = second.get(key) ?? { routed: shot.routed, served: shot.served, class: shot.class, count: 0 };
    second.set(key, row);
    row.count += 1;
    lag.recordValue(wholeMicros(lagMs));
    // A refusal is quick but no answer; a time-out is a latency at least this long.
    if (shot.status !== undefined || shot.class === 'timeout') latency.recordValue(wholeMicros(latencyMs));
    if (shot.pod !== '') add(pods, `${shot.served}/${shot.pod}`);
    if (shot.routed !== '') lastRouted.set(shot.routed, Math.max(lastRouted.get(shot.routed) ?? 0, endedMs));
  }

  return {
    record,
    count: () => count,
    bytes: () => bytes,
    seconds: (newest) =>
      [...rows]
        .sort(([a], [b]) => a - b)
        .slice(newest === undefined ? 0 : -newest)
        .map(([at, second]) => ({ at, rows: [...second.values()].map((row) => ({ ...row })) })),
    latency,
    lag,
    pods,
    lastRouted,
  };
}

export function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** 1 µs to 60 s at three significant digits: an error of at most 0.1 %, about 600 bytes as text. */
function microseconds(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
}

const wholeMicros = (ms: number) => Math.min(Math.max(Math.round(ms * 1000), 1), 60_000_000);

const inMs = (micros: number) => Math.round(micros) / 1000;

/** What Temporal keeps of a slice; design.md allows 32 KiB, which leaves room for the envelope. */
export const SLICE_BYTES = 30 * 1024;

type Frame = Pick<SliceResult, 'fromMs' | 'untilMs' | 'intended' | 'unknown' | 'eventLoopLagMaxMs'>;

export function sliceResult(tally: Tally, frame: Frame): SliceResult {
  const empty = tally.latency.totalCount === 0;
  return fit({
    ...frame,
    seconds: tally.seconds(),
    latency: encodeIntoCompressedBase64(tally.latency),
    p50Ms: empty ? 0 : inMs(tally.latency.getValueAtPercentile(50)),
    p99Ms: empty ? 0 : inMs(tally.latency.getValueAtPercentile(99)),
    maxMs: inMs(tally.latency.maxValue),
    bytes: tally.bytes(),
    sendLagP99Ms: tally.lag.totalCount === 0 ? 0 : inMs(tally.lag.getValueAtPercentile(99)),
    sendLagMaxMs: inMs(tally.lag.maxValue),
    pods: Object.fromEntries([...tally.pods].sort(([, a], [, b]) => b - a)),
    lastRoutedMs: Object.fromEntries([...tally.lastRouted].map(([name, ms]) => [name, Math.round(ms)])),
  });
}

/** Within the limit first the rarest pods go, then who served; never a count, never who routed. */
export function fit(result: SliceResult): SliceResult {
  const room = SLICE_BYTES - size({ ...result, pods: {} });
  const pods: Record<string, number> = {};
  let used = 0;
  for (const [pod, count] of Object.entries(result.pods)) {
    used += pod.length + String(count).length + 4;
    if (used > room) break;
    pods[pod] = count;
  }
  if (room >= 0) return { ...result, pods };
  return { ...result, pods: {}, seconds: result.seconds.map(withoutServed) };
}

const size = (result: SliceResult) => Buffer.byteLength(JSON.stringify(result));

function withoutServed(second: Second): Second {
  const merged = new Map<string, Second['rows'][number]>();
  for (const row of second.rows) {
    const key = `${row.routed}|${row.class}`;
    const same = merged.get(key);
    if (same === undefined) merged.set(key, { ...row, served: '' });
    else same.count += row.count;
  }
  return { at: second.at, rows: [...merged.values()] };
}

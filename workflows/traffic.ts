/**
 * Background load in overlapping slices. T0 is fixed once; slice k covers the intended send times
 * [T0 + kΔ, T0 + (k+1)Δ) and is scheduled well before its window opens, so that nothing pauses between two.
 */
import { ActivityFailure, CancellationScope, condition, sleep } from '@temporalio/workflow';
import type { Json, Step } from '../dsl/plan.ts';
import { SLICE_MS, type SliceResult, type Window, windowOf } from '../dsl/window.ts';
import { callVerb, record } from './call.ts';

/**
 * Lead of the schedule over the window: longer than a control worker that died takes to come back, or its death
 * would blind the run, although the traffic worker lives.
 */
const LEAD_MS = 4_000;
/** From the step to its first request. */
const START_MS = 1_000;
/** This many slices lost in a row: the generator is dead and the run is blind. */
const DEAD_AFTER = 3;

export interface Traffic {
  /** Starts the step's load and returns once its first slice is scheduled. */
  start(step: Step, path: string, input: Json): Promise<void>;
  /** Resolves once every slice up to `untilMs` is in or lost, of one stream or of all. */
  covered(untilMs: number, key?: string): Promise<void>;
  window(key: string, fromMs: number, untilMs: number): Window;
  /** Seconds without a failed request, counted back from `untilMs`, over all background steps. */
  cleanMs(untilMs: number): number;
  active(): boolean;
  /** No new slice from now on; resolves when those under way are in. */
  stop(): Promise<void>;
}

interface Stream {
  key: string;
  startedMs: number;
  slices: SliceResult[];
  /** End of the last window that was scheduled. */
  openedMs: number;
  /** Where the windows begin that are not in yet. */
  pending: Set<number>;
  lostInARow: number;
}

/** A step's stream: ids are unique within their runbook only. */
export const streamKey = (scope: string, id: string): string => `${scope}:${id}`;

export interface TrafficHooks {
  onSlice(path: string, slice: SliceResult): void;
  onDead(path: string): void;
}

export function background(hooks: TrafficHooks): Traffic {
  const streams = new Map<string, Stream>();
  let stopping = false;

  async function slice(stream: Stream, step: Step, path: string, input: Json, k: number): Promise<void> {
    const fromMs = stream.startedMs + k * SLICE_MS;
    const window = { fromMs, untilMs: fromMs + SLICE_MS };
    stream.openedMs = window.untilMs;
    stream.pending.add(fromMs);
    try {
      const { result } = await callVerb<SliceResult>(
        { uses: step.uses, queue: step.queue, title: `${step.title}, slice ${k}` },
        'slice',
        k,
        {
          step: path,
          title: step.title,
          input,
          deadlineMs: window.untilMs + SLICE_MS,
          attempts: step.retry.attempts,
          fault: false,
          window,
        },
        Date.now(),
      );
      stream.slices.push(result);
      stream.lostInARow = 0;
      hooks.onSlice(path, result);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      stream.lostInARow += 1;
      if (stream.lostInARow >= DEAD_AFTER) hooks.onDead(path);
    }
    stream.pending.delete(fromMs);
  }

  async function flow(stream: Stream, step: Step, path: string, input: Json): Promise<void> {
    for (let k = 0; ; k += 1) {
      const opensMs = stream.startedMs + k * SLICE_MS;
      await sleep(Math.max(opensMs - LEAD_MS - Date.now(), 1));
      if (stopping) return;
      void slice(stream, step, path, input, k);
    }
  }

  const seconds = function* (stream: Stream) {
    for (const one of stream.slices) yield* one.seconds;
  };

  return {
    async start(step, path, input) {
      const startedMs = Math.ceil((Date.now() + START_MS) / 1000) * 1000;
      await record({ record: 'traffic', path, startedMs, sliceMs: SLICE_MS });
      const stream: Stream = {
        key: streamKey(step.scope, step.id ?? path),
        startedMs,
        slices: [],
        openedMs: startedMs,
        pending: new Set(),
        lostInARow: 0,
      };
      streams.set(stream.key, stream);
      // Traffic outlives the exercise: an abort ends the drill, not the watching.
      void CancellationScope.nonCancellable(() => flow(stream, step, path, input));
    },
    async covered(untilMs, key) {
      const asked = [...streams.values()].filter((stream) => key === undefined || stream.key === key);
      await condition(() =>
        asked.every(
          ({ openedMs, pending }) =>
            (openedMs >= untilMs || stopping) && [...pending].every((fromMs) => fromMs >= untilMs),
        ),
      );
    },
    window(key, fromMs, untilMs) {
      const stream = streams.get(key);
      return windowOf(stream === undefined ? [] : seconds(stream), fromMs, untilMs);
    },
    cleanMs(untilMs) {
      let clean = Number.POSITIVE_INFINITY;
      for (const stream of streams.values()) {
        const failedAt = [...seconds(stream)]
          .filter((second) => second.at * 1000 < untilMs && second.rows.some((row) => row.class !== 'ok'))
          .map((second) => (second.at + 1) * 1000);
        clean = Math.min(clean, untilMs - Math.max(stream.startedMs, ...failedAt));
      }
      return clean;
    },
    active: () => streams.size > 0 && !stopping,
    async stop() {
      stopping = true;
      await condition(() => [...streams.values()].every((stream) => stream.pending.size === 0));
    },
  };
}

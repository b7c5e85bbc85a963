/** Sends one window of load and counts what came of it. The engine of `traffic/generate`, as a slice and as a look. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CancelledFailure } from '@temporalio/common';
import { milliseconds } from '../../dsl/duration.ts';
import type { Json } from '../../dsl/plan.ts';
import type { SliceResult } from '../../dsl/window.ts';
import type { StepContext } from '../kind.ts';
import type { LoadSession } from '../ports/load.ts';
import { type LoadInput, targetOf } from './input.ts';
import { type Outcome, openLoop } from './open-loop.ts';
import { dueMs, firstIndex, isFresh, parseRate, perSecond, type Rate } from './schedule.ts';
import { createTally, sliceResult, type Tally } from './tally.ts';

export interface Span {
  fromMs: number;
  untilMs: number;
}

/** By Little's law at most rate × timeout requests are under way; half as many again before one is dropped. */
const IN_FLIGHT_MARGIN = 1.5;
const HEARTBEAT_MS = 1_000;
/** Seconds in a heartbeat: enough for a live view. */
const NEWEST = 3;
/** Of the event loop's monitor, ms; it measures this much when nothing is late. */
const MONITOR_MS = 10;

/**
 * What an attempt finds already past is not made up for: an earlier attempt may have sent it. It becomes an
 * `unknown` gap, as does what an abort leaves unsent. Requests under way are always seen to their end.
 */
export async function generateLoad(
  input: LoadInput,
  span: Span,
  context: StepContext,
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<{ result: SliceResult; tally: Tally }> {
  const rate = parseRate(input.rate);
  const timeoutMs = milliseconds(input.timeout);
  const target = targetOf(input, context);
  const tally = createTally(rate);
  const report = () =>
    context.heartbeat({
      fromMs: span.fromMs,
      sent: tally.count(),
      seconds: tally.seconds(NEWEST),
    } as unknown as Json);
  report();
  // Before the wait: what a timer adds to it is the generator's own lag, not a lost attempt.
  const startMs = Math.min(Math.max(span.fromMs, Date.now()), span.untilMs);
  await context.sleep(Math.max(startMs - Date.now(), 0));
  const first = firstIndex(rate, startMs);
  const end = firstIndex(rate, span.untilMs);
  const session = context.ports.load.open(target, { timeoutMs });
  const beat = setInterval(report, HEARTBEAT_MS);
  const loopDelay = monitorEventLoopDelay({ resolution: MONITOR_MS });
  loopDelay.enable();
  let unsent = first;
  try {
    unsent = await openLoop({
      rate,
      from: first,
      until: end,
      inFlight: Math.ceil((perSecond(rate) * timeoutMs * IN_FLIGHT_MARGIN) / 1000),
      clock: wallClock(),
      send: sender(session, input.freshConnections),
      onOutcome(outcome) {
        tally.record(outcome);
        onOutcome(outcome);
      },
      signal: context.signal,
    });
  } finally {
    loopDelay.disable();
    clearInterval(beat);
    await session.close();
  }
  handBackOnShutdown(context.signal);
  const result = sliceResult(tally, {
    ...span,
    intended: end - firstIndex(rate, span.fromMs),
    unknown: gaps(rate, span, startMs, unsent < end ? unsent : undefined),
    eventLoopLagMaxMs: Math.max(0, Math.round((loopDelay.max / 1e6 - MONITOR_MS) * 1000) / 1000),
  });
  return { result, tally };
}

/** Epoch ms that neither a correction of the system's time nor its one-millisecond steps can bend. */
function wallClock(): () => number {
  const offset = Date.now() - performance.now();
  return () => offset + performance.now();
}

const sender = (session: LoadSession, freshShare: number) => (n: number) =>
  session.send({ fresh: isFresh(freshShare, n) });

/** A worker that is going away leaves the rest to the next attempt elsewhere, rather than give half a result. */
function handBackOnShutdown(signal: AbortSignal): void {
  if (signal.reason instanceof CancelledFailure && signal.reason.message === 'WORKER_SHUTDOWN')
    throw signal.reason;
}

function gaps(rate: Rate, span: Span, startMs: number, unsent: number | undefined): Span[] {
  const found: Span[] = [];
  if (firstIndex(rate, span.fromMs) < firstIndex(rate, startMs))
    found.push({ fromMs: span.fromMs, untilMs: startMs });
  if (unsent !== undefined)
    found.push({ fromMs: Math.max(Math.floor(dueMs(rate, unsent)), startMs), untilMs: span.untilMs });
  return found;
}

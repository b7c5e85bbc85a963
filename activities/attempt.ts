/** One attempt of an activity: its heartbeat, its deadlines, and what its failure means. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Json } from '../dsl/plan.ts';
import { failure, transient } from './failure.ts';
import { redact, redactJson, withoutSecrets } from './redact.ts';
import { sleep } from './sleep.ts';

const HEARTBEAT_MS = 1_000;
/** An attempt stops itself this long before the server gives it up: the fence that keeps two from overlapping. */
const FENCE_MS = 3_000;

/** What travels in a heartbeat: the kind's progress, and the fault's clock, which must survive a crash. */
interface Beat {
  faultAtMs?: number;
  progress?: Json;
  /** Attempts that ended by their own word; any other may still be alive. */
  ended?: number;
}

export interface Attempt {
  signal: AbortSignal;
  previous: Json | undefined;
  /** An earlier attempt ended without a word and may be alive until its own deadline. */
  mayOverlap: boolean;
  heartbeat(progress: Json): void;
  beginFault(): void;
  faultAtMs(): number | undefined;
  sleep(ms: number): Promise<void>;
}

export interface AttemptLimits {
  /** Epoch ms at which the step gives up. */
  deadlineMs: number;
  /** Attempts that a transient failure gets. */
  attempts: number;
  secrets(): Iterable<string>;
}

/** Runs `body` as the attempt that Temporal asked for. */
export async function attempt<R>(limits: AttemptLimits, body: (attempt: Attempt) => Promise<R>): Promise<R> {
  const context = Context.current();
  const { info } = context;
  const beat: Beat = { ...(info.heartbeatDetails as Beat | undefined) };
  const previous = beat.progress;
  const mayOverlap = info.attempt - 1 > (beat.ended ?? 0);
  const controller = new AbortController();
  const timers = [
    setInterval(() => context.heartbeat(beat), HEARTBEAT_MS),
    setTimeout(() => controller.abort(outOfTime), untilFence(info.startToCloseTimeoutMs, limits.deadlineMs)),
  ];
  context.cancelled.catch((error) => controller.abort(error));
  try {
    return await body({
      signal: controller.signal,
      previous,
      mayOverlap,
      heartbeat(progress) {
        beat.progress = withoutSecrets(progress, limits.secrets());
      },
      beginFault() {
        beat.faultAtMs ??= Date.now();
        // At once: the clock must be with the server before the first disrupting request can have an effect.
        context.heartbeat(beat);
      },
      faultAtMs: () => beat.faultAtMs,
      sleep: (ms) => sleep(ms, controller.signal),
    });
  } catch (error) {
    beat.ended = (beat.ended ?? 0) + 1;
    context.heartbeat(beat);
    throw meaningOf(error, controller.signal, { ended: beat.ended, mayOverlap }, limits);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

const outOfTime = new Error('the attempt has no time left');

/** `setTimeout` takes at most 2^31 - 1 ms. */
function untilFence(startToCloseMs: number, deadlineMs: number): number {
  // A wait has its deadline inside the attempt and speaks for itself; give it the time to.
  const ownEndMs = Math.max(startToCloseMs - FENCE_MS, 1);
  const byDeadlineMs = Math.max(deadlineMs - Date.now(), 0) + FENCE_MS;
  return Math.min(ownEndMs, byDeadlineMs, 2 ** 31 - 1);
}

interface Earlier {
  /** Attempts that ended by their own word, this one among them; those a crash ended are not counted. */
  ended: number;
  mayOverlap: boolean;
}

function meaningOf(
  error: unknown,
  signal: AbortSignal,
  { ended, mayOverlap }: Earlier,
  limits: AttemptLimits,
): Error {
  // How it ended says nothing about an earlier attempt that may be alive: undo must hear of it all the same.
  for (const one of [error, signal.reason])
    if (one instanceof CancelledFailure) return new CancelledFailure(one.message, [{ mayOverlap }]);
  const named = error instanceof ApplicationFailure ? error : unnamed(error, signal);
  const final = named.nonRetryable || ended >= limits.attempts;
  const [details = {}] = named.details ?? [];
  return ApplicationFailure.create({
    message: redact(named.message, limits.secrets()),
    type: named.type ?? 'bug',
    nonRetryable: final,
    details: [redactJson(details, limits.secrets()), ...(mayOverlap ? [{ mayOverlap }] : [])],
  });
}

function unnamed(error: unknown, signal: AbortSignal): ApplicationFailure {
  if (signal.aborted && signal.reason === outOfTime)
    return transient({
      code: 'FD6012',
      where: 'worker',
      what: 'the attempt ran out of time',
      remedy: 'It is tried again; a longer `timeout` on the step gives it more',
    });
  const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failure('bug', {
    code: 'FD6002',
    where: 'worker',
    what: thrown,
    remedy: 'Report it with the journal of this run',
  });
}

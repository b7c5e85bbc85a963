/** Scheduling activities: names from the Plan, explicit ids, timeouts by what the verb is. */
import {
  ActivityCancellationType,
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Queue, Verb } from '../dsl/plan.ts';
import {
  CONTROL_QUEUE,
  type EngineActivities,
  type RecordEntry,
  TRAFFIC_QUEUE,
  type VerbCall,
  type VerbResult,
} from './protocol.ts';

/** The longest one attempt of an act may take; what needs longer says `done: false` and is called again. */
export const ATTEMPT_MS = 30_000;
/** A worker that is alive reports every second; silence this long means that it is gone. */
const HEARTBEAT_MS = 10_000;
/** On top of a wait's own deadline, so that the wait itself can say what it last saw. */
const ANSWER_MS = 15_000;

const queues: Record<Queue, string> = { control: CONTROL_QUEUE, traffic: TRAFFIC_QUEUE };

type Call = (argument: unknown) => Promise<unknown>;

function activity(name: string, options: ActivityOptions): Call {
  const call = proxyActivities<Record<string, Call>>(options)[name];
  if (call === undefined) throw new Error(`no activity ${name}`);
  return call;
}

const FIRST_BACKOFF_MS = 500;
const LAST_BACKOFF_MS = 10_000;

/** A crash is retried until the deadline; how often a transient failure is, the activity counts itself. */
const retryAfter = (backoffMs: number) => ({
  initialInterval: backoffMs,
  backoffCoefficient: 2,
  maximumInterval: Math.max(backoffMs, LAST_BACKOFF_MS),
});

export interface VerbTarget {
  uses: string;
  queue: Queue;
  title: string;
  /** Before the second attempt; doubles from there. */
  backoffMs?: number;
}

export async function callVerb<R>(
  target: VerbTarget,
  verb: Verb,
  n: number,
  call: VerbCall,
  nowMs: number,
): Promise<VerbResult<R>> {
  // Waits, probes and slices last as long as their deadline; everything else is one short attempt at a time.
  const waits = verb === 'look' || verb === 'probe' || verb === 'slice';
  const leftMs = Math.max(call.deadlineMs - nowMs, 0) + ANSWER_MS;
  const bounded = verb !== 'undo' && verb !== 'compare';
  return (await activity(`${target.uses}.${verb}`, {
    activityId: `${call.step}/${verb}/${n}`,
    taskQueue: queues[target.queue],
    startToCloseTimeout: waits ? leftMs : ATTEMPT_MS,
    // Undo waits for a worker for as long as it takes.
    ...(bounded && { scheduleToCloseTimeout: waits ? leftMs : leftMs + ATTEMPT_MS }),
    heartbeatTimeout: HEARTBEAT_MS,
    retry: retryAfter(target.backoffMs ?? FIRST_BACKOFF_MS),
    // A wait ends at once when cancelled; an act is awaited, so that undo never meets it.
    cancellationType: waits
      ? ActivityCancellationType.TRY_CANCEL
      : ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: target.title,
  })(call)) as VerbResult<R>;
}

export async function callEngine<Name extends keyof EngineActivities>(
  name: Name,
  call: Parameters<EngineActivities[Name]>[0],
  options: { n?: number; timeoutMs: number; summary: string },
): Promise<Awaited<ReturnType<EngineActivities[Name]>>> {
  return (await activity(name, {
    activityId: `engine/${name.slice('engine.'.length)}/${options.n ?? 1}`,
    taskQueue: CONTROL_QUEUE,
    startToCloseTimeout: options.timeoutMs,
    heartbeatTimeout: HEARTBEAT_MS,
    retry: retryAfter(FIRST_BACKOFF_MS),
    // A lock that is still being taken cannot be released.
    cancellationType:
      name === 'engine.lock'
        ? ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
        : ActivityCancellationType.TRY_CANCEL,
    summary: options.summary,
  })(call)) as Awaited<ReturnType<EngineActivities[Name]>>;
}

/** Puts a decision that no activity shows into history, where the journal finds it. */
export async function record(entry: RecordEntry): Promise<void> {
  const local = proxyLocalActivities<{ 'engine.record': (entry: RecordEntry) => Promise<RecordEntry> }>({
    startToCloseTimeout: '10s',
    summary: summaryOf(entry),
  });
  await local['engine.record'](entry);
}

function summaryOf(entry: RecordEntry): string {
  switch (entry.record) {
    case 'section':
      return `begin: ${entry.section}`;
    case 'assert':
      return `${entry.expression} → ${entry.unjudged ?? String(entry.holds)}`;
    case 'error':
      return `${entry.path}: ${entry.what}`;
    case 'skipped':
      return `${entry.path} skipped: ${entry.why}`;
    default:
      return entry.record;
  }
}

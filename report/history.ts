/**
 * History → journal. A pure function: the same history gives the same journal on a worker, on a laptop months
 * later, and in a test.
 */
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import type { Plan } from '../dsl/plan.ts';
import { type DrillOptions, RESTORE_WORKFLOW, type RestoreInput } from '../workflows/protocol.ts';
import { type Activity, activitiesOf } from './history/activities.ts';
import { interventionsOf, recordsOf } from './history/decisions.ts';
import { controlsOf, engineFindings, lockOf } from './history/engine.ts';
import { decodedAll, epochMs } from './history/payloads.ts';
import { faultAtOf, stepsOf } from './history/steps.ts';
import { trafficOf } from './history/traffic.ts';
import type { Journal } from './journal.ts';

type History = temporal.api.history.v1.IHistory;
type Event = temporal.api.history.v1.IHistoryEvent;

/** Which execution the history is of; the start event does not always say. */
export interface Execution {
  workflowId: string;
  runId: string;
}

/**
 * `history` is what the SDK's client fetches, or the proto JSON that `temporal workflow show --output json` and
 * the Web UI write. Encrypted payloads must have been decoded. Throws when it is no history of a drill or of
 * the restore of one.
 */
export function journalOf(history: History | { events: unknown[] }, execution: Execution): Journal {
  const events = eventsOf(history);
  const activities = activitiesOf(events);
  const engine = activities.filter((activity) => activity.type.startsWith('engine.'));
  const verbs = activities.filter(
    (activity) => !engine.includes(activity) || activity.type === 'engine.guard',
  );
  const records = recordsOf(events);
  const start = startOf(events[0]);
  const lock = lockOf(engine);
  const controls = controlsOf(engine);
  const faultAtMs = faultAtOf(verbs);
  return {
    journal: 1,
    run: execution.workflowId,
    runId: execution.runId,
    ...start,
    startedMs: epochMs(events[0]?.eventTime),
    ...endOf(events.at(-1)),
    findings: engineFindings(engine),
    ...(lock !== undefined && { lock }),
    ...(controls !== undefined && { controls }),
    sections: Object.fromEntries(
      records.flatMap((entry) => (entry.record === 'section' ? [[entry.section, entry.atMs]] : [])),
    ),
    steps: stepsOf(verbs, start.plan),
    records,
    interventions: interventionsOf(events),
    ...(faultAtMs !== undefined && { faultAtMs }),
    traffic: trafficOf(verbs, records, lastMomentOf(events, activities)),
  };
}

/** Proto JSON writes times as text, the client's objects do not. */
function eventsOf(history: History | { events: unknown[] }): Event[] {
  const events = history.events ?? [];
  const isJson = typeof (events[0] as { eventTime?: unknown } | undefined)?.eventTime === 'string';
  return isJson ? (historyFromJSON(history).events ?? []) : (events as Event[]);
}

function startOf(event: Event | undefined): Pick<Journal, 'plan' | 'options' | 'restores'> {
  const start = event?.workflowExecutionStartedEventAttributes;
  if (start == null) throw new Error('not a history: its first event does not start a workflow');
  if (start.workflowType?.name === RESTORE_WORKFLOW) {
    const { plan, run } = decodedAll(start.input)[0] as unknown as RestoreInput;
    return { plan, options: { requestedBy: 'firedrill restore', scheduled: false }, restores: run };
  }
  const [plan, options] = decodedAll(start.input) as [Plan | undefined, DrillOptions | undefined];
  if (plan?.language === undefined || options === undefined)
    throw new Error(`not a drill: ${start.workflowType?.name ?? 'the workflow'} was started without a Plan`);
  const { requestedBy, scheduled, note } = options;
  return { plan, options: { requestedBy, scheduled, ...(note !== undefined && { note }) } };
}

function endOf(last: Event | undefined): Pick<Journal, 'ended' | 'endedMs'> {
  const ended =
    (last?.workflowExecutionCompletedEventAttributes && 'completed') ||
    (last?.workflowExecutionFailedEventAttributes && 'failed') ||
    (last?.workflowExecutionTerminatedEventAttributes && 'terminated') ||
    (last?.workflowExecutionCanceledEventAttributes && 'canceled') ||
    (last?.workflowExecutionTimedOutEventAttributes && 'timed-out') ||
    undefined;
  return ended === undefined ? {} : { ended, endedMs: epochMs(last?.eventTime) };
}

/** What a slice should have delivered by now: the archive's own start, or the last event. */
function lastMomentOf(events: Event[], activities: Activity[]): number {
  const archive = activities.find((activity) => activity.type === 'engine.archive');
  return archive?.scheduledMs ?? epochMs(events.at(-1)?.eventTime);
}

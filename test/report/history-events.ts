/** Writes histories as the server would, event by event: enough to read every kind of event the journal knows. */
import { defaultPayloadConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { temporal } from '@temporalio/proto';
import type { Json, Plan } from '../../dsl/plan.ts';
import type { RecordEntry } from '../../workflows/protocol.ts';
import { at } from './build.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;

export const payloads = (...values: unknown[]) => ({
  payloads: values.map((value) => defaultPayloadConverter.toPayload(value)),
});

export function ourFailure(type: string, details: object): Failure {
  return { message: 'it failed', applicationFailureInfo: { type, details: payloads(details) } };
}

export interface Written {
  scheduled(seconds: number, activityId: string, type: string, argument: unknown): number;
  started(seconds: number, scheduled: number, attempt?: number, lastFailure?: Failure): void;
  completed(seconds: number, scheduled: number, result: unknown): void;
  failed(seconds: number, scheduled: number, failure: Failure): void;
  timedOut(seconds: number, scheduled: number): void;
  cancelled(seconds: number, scheduled: number): void;
  /** Scheduled, started and completed in one. */
  ran(
    from: number,
    until: number,
    activityId: string,
    type: string,
    argument: unknown,
    result: unknown,
  ): void;
  record(seconds: number, entry: RecordEntry): void;
  update(seconds: number, name: string, argument: Json): void;
  add(seconds: number, event: Event): void;
  history(): temporal.api.history.v1.IHistory;
  json(): { events: unknown[] };
}

export function writeHistory(workflowType: string, ...input: unknown[]): Written {
  const events: Event[] = [];
  const add = (seconds: number, event: Event): number => {
    const ms = at(seconds);
    const eventTime = { seconds: Math.floor(ms / 1000) as never, nanos: (ms % 1000) * 1e6 };
    events.push({ eventId: (events.length + 1) as never, eventTime, ...event });
    return events.length;
  };
  const start = { workflowType: { name: workflowType }, input: payloads(...input) };
  add(0, {
    eventType: temporal.api.enums.v1.EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    workflowExecutionStartedEventAttributes: start,
  });
  const of = (scheduled: number) => ({ scheduledEventId: scheduled as never });
  const written: Written = {
    scheduled: (seconds, activityId, type, argument) =>
      add(seconds, {
        activityTaskScheduledEventAttributes: {
          activityId,
          activityType: { name: type },
          input: payloads(argument),
        },
      }),
    started: (seconds, scheduled, attempt = 1, lastFailure) =>
      void add(seconds, {
        activityTaskStartedEventAttributes: {
          ...of(scheduled),
          attempt,
          ...(lastFailure && { lastFailure }),
        },
      }),
    completed: (seconds, scheduled, result) =>
      void add(seconds, {
        activityTaskCompletedEventAttributes: { ...of(scheduled), result: payloads(result) },
      }),
    failed: (seconds, scheduled, failure) =>
      void add(seconds, { activityTaskFailedEventAttributes: { ...of(scheduled), failure } }),
    timedOut: (seconds, scheduled) =>
      void add(seconds, {
        activityTaskTimedOutEventAttributes: {
          ...of(scheduled),
          failure: { message: 'activity ScheduleToClose timeout', timeoutFailureInfo: {} },
        },
      }),
    cancelled: (seconds, scheduled) =>
      void add(seconds, { activityTaskCanceledEventAttributes: of(scheduled) }),
    ran(from, until, activityId, type, argument, result) {
      const scheduled = written.scheduled(from, activityId, type, argument);
      written.started(from, scheduled);
      written.completed(until, scheduled, result);
    },
    record: (seconds, entry) =>
      void add(seconds, {
        markerRecordedEventAttributes: {
          markerName: 'core_local_activity',
          details: { data: payloads({ activity_type: 'engine.record' }), result: payloads(entry) },
        },
      }),
    update: (seconds, name, argument) =>
      void add(seconds, {
        workflowExecutionUpdateAcceptedEventAttributes: {
          acceptedRequest: { input: { name, args: payloads(argument) } },
        },
      }),
    add,
    history: () => ({ events }),
    json: () => JSON.parse(historyToJSON({ events })),
  };
  return written;
}

export function drillHistory(plan: Plan): Written {
  return writeHistory('drill', plan, { requestedBy: 'mina', scheduled: false, searchAttributes: true });
}

/** The activities of a history, each put together from its events. */
import type { temporal } from '@temporalio/proto';
import type { Json } from '../../dsl/plan.ts';
import { failureOf, type SeenFailure, timeoutOf } from './failures.ts';
import { epochMs, first } from './payloads.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

export interface Activity {
  id: string;
  type: string;
  argument: Json;
  scheduledMs: number;
  startedMs?: number;
  endedMs?: number;
  /** 0 while none has started. */
  attempts: number;
  result?: Json;
  failure?: SeenFailure;
  cancelled?: true;
  unworked?: true;
}

/** In the order in which they were scheduled. */
export function activitiesOf(events: Event[]): Activity[] {
  const byEvent = new Map<string, Activity>();
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled != null)
      byEvent.set(String(event.eventId), {
        id: scheduled.activityId ?? '',
        type: scheduled.activityType?.name ?? '',
        argument: first(scheduled.input) ?? null,
        scheduledMs: epochMs(event.eventTime),
        attempts: 0,
      });
    else advance(byEvent, event);
  }
  return [...byEvent.values()];
}

function advance(byEvent: Map<string, Activity>, event: Event): void {
  const started = event.activityTaskStartedEventAttributes;
  const completed = event.activityTaskCompletedEventAttributes;
  const failed = event.activityTaskFailedEventAttributes;
  const timedOut = event.activityTaskTimedOutEventAttributes;
  const cancelled = event.activityTaskCanceledEventAttributes;
  const attributes = started ?? completed ?? failed ?? timedOut ?? cancelled;
  const activity = attributes == null ? undefined : byEvent.get(String(attributes.scheduledEventId));
  if (activity === undefined) return;
  const atMs = epochMs(event.eventTime);
  if (started != null) {
    activity.startedMs = atMs;
    activity.attempts = started.attempt ?? 1;
    // Written when the activity closes, so it is there for the timeout that may follow.
    if (started.lastFailure != null) activity.failure = failureOf(started.lastFailure);
    return;
  }
  activity.endedMs = atMs;
  const last = activity.failure;
  delete activity.failure;
  if (completed != null) activity.result = first(completed.result) ?? null;
  else if (failed != null) activity.failure = failureOf(failed.failure);
  else if (cancelled != null) activity.cancelled = true;
  else if (timedOut != null) {
    activity.failure = timeoutOf(timedOut.failure, last);
    activity.unworked = true;
  }
}

/** Decisions of the interpreter (local activities) and of people (Updates), in order of time. */
import type { temporal } from '@temporalio/proto';
import type { Json } from '../../dsl/plan.ts';
import { type RecordEntry, updates } from '../../workflows/protocol.ts';
import type { Journal } from '../journal.ts';
import { epochMs, first } from './payloads.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** The marker under which the SDK's core keeps what a local activity returned. */
const LOCAL_ACTIVITY = 'core_local_activity';

export function recordsOf(events: Event[]): Journal['records'] {
  return events.flatMap((event) => {
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName !== LOCAL_ACTIVITY) return [];
    const entry = first(marker.details?.result);
    return isRecord(entry) ? [{ ...entry, atMs: epochMs(event.eventTime) }] : [];
  });
}

function isRecord(value: unknown): value is RecordEntry {
  return typeof value === 'object' && value !== null && 'record' in value;
}

export function interventionsOf(events: Event[]): Journal['interventions'] {
  return events.flatMap((event) => {
    const cancelled = event.workflowExecutionCancelRequestedEventAttributes;
    // "Cancel" of the Web UI is an abort; the interpreter takes it as one.
    if (cancelled != null) return [aborted(epochMs(event.eventTime), cancelled.identity, cancelled.cause)];
    const input = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    if (input == null) return [];
    const payload = first(input.args) ?? null;
    const by = (payload as { by?: Json } | null)?.by;
    return [
      { atMs: epochMs(event.eventTime), update: input.name ?? '', by: String(by ?? 'unknown'), payload },
    ];
  });
}

function aborted(atMs: number, identity: string | null | undefined, cause: string | null | undefined) {
  const by = identity || 'a cancellation of the workflow';
  return { atMs, update: updates.abort, by, payload: { by, reason: cause || 'the workflow was cancelled' } };
}

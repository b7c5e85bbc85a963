/** One look at a run: what the workflow answers, what its activities say, whether it is over. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Json } from '../../dsl/plan.ts';
import { type RunState, STATE_QUERY } from '../../workflows/protocol.ts';
import type { Session } from '../temporal/session.ts';

export interface Look {
  open: boolean;
  /** Absent when no worker answered in time. */
  state: RunState | undefined;
  /** Progress of the pending activities. */
  progress: Json[];
}

/** Results of the last few activities, newest first: what a wait saw last, which no heartbeat tells any more. */
export async function lastResults(session: Session, run: string, runId: string): Promise<Json[]> {
  const { history } = await session.connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: session.namespace,
    execution: { workflowId: run, runId },
    maximumPageSize: LAST_EVENTS,
  });
  return (history?.events ?? []).flatMap((event) => {
    const payload = event.activityTaskCompletedEventAttributes?.result?.payloads?.[0];
    if (payload === undefined) return [];
    const answer = defaultPayloadConverter.fromPayload<{ result?: Json } | null>(payload);
    return answer?.result === undefined ? [] : [answer.result];
  });
}

/** Enough to hold what several branches of a parallel came to since the last look. */
const LAST_EVENTS = 40;

/** A worker that lives answers a query at once; a new one needs the time to replay. */
const QUERY_WITHIN_MS = 3000;
const DESCRIBE_WITHIN_MS = 5000;

/** Throws when the server does not answer. */
export async function look(session: Session, run: string, runId: string): Promise<Look> {
  const handle = session.client.workflow.getHandle(run, runId);
  const [description, state] = await Promise.all([
    within(session, DESCRIBE_WITHIN_MS, () => handle.describe()),
    within(session, QUERY_WITHIN_MS, () => handle.query<RunState>(STATE_QUERY)).catch(() => undefined),
  ]);
  const details = (description.raw.pendingActivities ?? []).flatMap(
    (activity) => activity.heartbeatDetails?.payloads ?? [],
  );
  return {
    open: description.status.name === 'RUNNING',
    state,
    progress: details.flatMap((payload) => {
      const beat = defaultPayloadConverter.fromPayload<{ progress?: Json } | null>(payload);
      return beat?.progress === undefined ? [] : [beat.progress];
    }),
  };
}

function within<T>(session: Session, ms: number, ask: () => Promise<T>): Promise<T> {
  return session.connection.withDeadline(Date.now() + ms, ask);
}

/** What went wrong in a step, in the engine's own terms. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';

export type FailureName = 'transient' | 'refused' | 'deviated' | 'broken' | 'unjudged' | 'bug';

export interface StepFailure {
  failure: FailureName;
  code: string;
  what: string;
  remedy: string;
}

const names: readonly string[] = ['transient', 'refused', 'deviated', 'broken', 'unjudged', 'bug'];

/** A failure of the engine's own finding, with a place in the catalogue. */
export function engineFailure(failure: FailureName, code: string, what: string, remedy: string) {
  return ApplicationFailure.create({
    type: failure,
    message: `${what}. ${remedy}`,
    nonRetryable: true,
    details: [{ code, what, where: '', remedy }],
  });
}

/** Tells the five kinds apart, whatever wrapped them. A cancellation is not a failure: see `isCancellation`. */
export function failureOf(error: unknown): StepFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return fromApplication(cause);
  if (cause instanceof TimeoutFailure)
    return {
      failure: 'unjudged',
      code: 'FD6001',
      what: `no worker finished it in time (${cause.message || cause.timeoutType})`,
      remedy: 'Look at the worker: `npx firedrill doctor`',
    };
  return {
    failure: 'bug',
    code: 'FD6002',
    what: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
    remedy: 'Report it with the journal of this run',
  };
}

function fromApplication(cause: ApplicationFailure): StepFailure {
  const details = cause.details?.[0] as
    | { code?: string; what?: string; where?: string; remedy?: string }
    | undefined;
  const known = names.includes(cause.type ?? '');
  return {
    failure: known ? (cause.type as FailureName) : 'bug',
    code: details?.code ?? 'FD6002',
    what: details?.what ? [details.where, details.what].filter(Boolean).join(': ') : cause.message,
    remedy: details?.remedy ?? 'Report it with the journal of this run',
  };
}

/**
 * An attempt that a timeout ended may still be at work until its own deadline, also when a later one failed or was
 * cancelled, which then says so. A cancellation between two attempts is the server's own, and says nothing.
 */
export function mayStillRun(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return overlaps(cause.details?.[1]) === true;
  if (cause instanceof CancelledFailure) return overlaps(cause.details?.[0]) !== false;
  return cause instanceof TimeoutFailure;
}

const overlaps = (detail: unknown) => (detail as { mayOverlap?: boolean } | undefined)?.mayOverlap;

export { CancelledFailure, isCancellation };

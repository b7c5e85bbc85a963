/**
 * How an activity says that it failed. Five kinds, told apart because a drill must not mistake a worker's
 * crash for a finding; the type travels as the ApplicationFailure's `type`.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../dsl/plan.ts';

export type FailureType =
  /** Worth another attempt: a time-out, a 429, a 503, a reset. */
  | 'transient'
  /** The API said no. */
  | 'refused'
  /** The system under drill did not do what it should: a verdict. */
  | 'deviated'
  /** The drill itself could not do what it must (the fault did not bite, the fleet is busy). */
  | 'broken'
  /** It could not be judged: the evidence is missing. */
  | 'unjudged'
  /** Our mistake. */
  | 'bug';

export interface FailureDetails {
  /** Catalogue code, e.g. `FD3102`. */
  code: string;
  what: string;
  /** Member, plane, host or object. */
  where: string;
  remedy: string;
  /** What was seen last, the series that led there. */
  evidence?: Json;
}

const retryable: ReadonlySet<FailureType> = new Set(['transient']);

export function failure(type: FailureType, details: FailureDetails): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: `${details.where}: ${details.what}. ${details.remedy}`,
    nonRetryable: !retryable.has(type),
    details: [details],
  });
}

/** An API server said that this credential may not: looking again does not help. */
export function isDenied(error: unknown): error is ApplicationFailure {
  const details = error instanceof ApplicationFailure ? error.details?.[0] : undefined;
  return ['FD3004', 'FD3005', 'FD3022', 'FD3023', 'FD3025'].includes(
    (details as FailureDetails | undefined)?.code ?? '',
  );
}

export const transient = (details: FailureDetails) => failure('transient', details);
export const refused = (details: FailureDetails) => failure('refused', details);
export const deviated = (details: FailureDetails) => failure('deviated', details);
export const broken = (details: FailureDetails) => failure('broken', details);
export const unjudged = (details: FailureDetails) => failure('unjudged', details);

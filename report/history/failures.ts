/** What an activity's failure says, in the terms of `activities/failure.ts`. */
import type { temporal } from '@temporalio/proto';
import type { Json } from '../../dsl/plan.ts';
import type { VerbEntry } from '../journal.ts';
import { first } from './payloads.ts';

type Failure = temporal.api.failure.v1.IFailure;
export type SeenFailure = NonNullable<VerbEntry['failure']>;

interface Details {
  code?: string;
  what?: string;
  where?: string;
  remedy?: string;
  evidence?: Json;
}

/** An application failure of ours carries its details; anything else is kept in its own words as a `bug`. */
export function failureOf(failure: Failure | null | undefined): SeenFailure {
  const info = failure?.applicationFailureInfo;
  const details = (first(info?.details) ?? {}) as Details;
  if (info == null || details.code === undefined)
    return {
      type: info?.type ?? 'bug',
      code: 'FD6002',
      what: failure?.message ?? 'failed without a message',
      where: '',
      remedy: 'Report it with the journal of this run',
    };
  return {
    type: info.type ?? 'bug',
    code: details.code,
    what: details.what ?? failure?.message ?? '',
    where: details.where ?? '',
    remedy: details.remedy ?? '',
    ...(details.evidence !== undefined && { evidence: details.evidence }),
  };
}

/** A timeout says nothing about the system under drill: no worker finished the activity. */
export function timeoutOf(failure: Failure | null | undefined, last: SeenFailure | undefined): SeenFailure {
  const before = last === undefined ? '' : `; the attempt before: ${last.what}`;
  return {
    type: 'unjudged',
    code: 'FD6001',
    what: `no worker finished it in time (${failure?.message ?? 'timed out'}${before})`,
    where: '',
    remedy: 'Look at the worker: `npx firedrill doctor`',
  };
}

/** What an answer of Azure's means to a drill, and who can do something about it. */
import { ApplicationFailure } from '@temporalio/common';
import { type FailureDetails, refused, transient } from '../../activities/failure.ts';

/** The fields of the SDKs' RestError that matter here. */
interface AzureAnswer {
  statusCode?: number;
  code?: string;
  message?: string;
  details?: { error?: { code?: string; message?: string } };
  response?: { headers?: { get(name: string): string | undefined } };
}

export interface Subject {
  /** The resource, e.g. `origin aks1 of firedrill-lab`. */
  where: string;
  /** The built-in role that allows it. */
  role: string;
}

const FAILED = 'The long-running operation has failed';

/** A failed long-running operation arrives as a plain Error without a status code. */
export const operationFailed = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith(FAILED);

/** Worth waiting for and asking again: another change runs, somebody else changed it, throttled, a bad moment. */
export function mayPass(error: unknown): boolean {
  const { statusCode = 0 } = error as AzureAnswer;
  return [408, 409, 412, 429].includes(statusCode) || statusCode >= 500 || isUnreachable(error);
}

const isUnreachable = (error: unknown): boolean =>
  (error as { name?: string }).name === 'RestError' && (error as AzureAnswer).statusCode === undefined;

export function retryAfterMs(error: unknown): number | undefined {
  const value = (error as AzureAnswer).response?.headers?.get('retry-after');
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

export function isMissing(error: unknown): boolean {
  return (error as AzureAnswer).statusCode === 404;
}

/** Ours are passed through; anything that is not Azure's stays what it is. */
export function toFailure(error: unknown, subject: Subject): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (operationFailed(error)) return transient(failedOperation(error as Error, subject));
  if ((error as { name?: string }).name === 'CredentialUnavailableError')
    return refused({ ...signIn(subject), what: (error as Error).message });
  const { name, statusCode } = error as AzureAnswer & { name?: string };
  if (name !== 'RestError') return error;
  return statusCode === undefined || mayPass(error)
    ? transient(passing(error as AzureAnswer, subject))
    : refused(final(error as AzureAnswer, subject));
}

function failedOperation(error: Error, { where }: Subject): FailureDetails {
  return {
    code: 'FD4007',
    where,
    what: `Azure accepted the change and then failed it: ${error.message.slice(FAILED.length).replace(/^\. /, '')}`,
    remedy: 'It is tried again; if it fails again, the Activity log of the resource says more',
  };
}

const signIn = ({ where }: Subject) => ({
  code: 'FD4002',
  where,
  remedy:
    'Sign in where the worker runs (az login, a managed identity or AZURE_* variables), or correct the token in the fleet file',
});

function passing(answer: AzureAnswer, { where }: Subject): FailureDetails {
  if (answer.statusCode === undefined)
    return {
      code: 'FD4006',
      where,
      what: `the management API cannot be reached: ${answer.message}`,
      remedy: 'Check `loadBalancer.management` in the fleet file and the way from the worker to it',
    };
  if (answer.statusCode >= 500)
    return { code: 'FD4006', where, what: said(answer), remedy: 'Azure has a problem; see status.azure.com' };
  return {
    code: 'FD4005',
    where,
    what: said(answer),
    remedy:
      'Another change runs or requests are throttled; it is tried again. Give the step a longer `timeout` if that does not do',
  };
}

function final(answer: AzureAnswer, subject: Subject): FailureDetails {
  const { where, role } = subject;
  if (answer.statusCode === 401) return { ...signIn(subject), what: said(answer) };
  if (answer.statusCode === 403)
    return {
      code: 'FD4003',
      where,
      what: said(answer),
      remedy: `Give the worker's identity the role "${role}" on it`,
    };
  if (answer.statusCode === 404)
    return { code: 'FD4001', where, what: said(answer), remedy: 'Correct the name in the fleet file' };
  return {
    code: 'FD4004',
    where,
    what: said(answer),
    remedy: 'Correct the values of the step or of the fleet file',
  };
}

function said({ statusCode, code, message, details }: AzureAnswer): string {
  const inner = details?.error;
  return `Azure answered ${statusCode} ${inner?.code ?? code ?? ''}: ${inner?.message ?? message ?? ''}`;
}

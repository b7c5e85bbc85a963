/** What the query of a request asks for, checked as a real server checks it. */

import { isTrue, type Verb } from './request.ts';
import { badRequest, type FieldProblem, invalid, StatusError } from './status-error.ts';
import type { MemoryStore } from './store.ts';
import { forbiddenValue, unsupported } from './validation/problems.ts';

function optionProblem(kind: string, problem: FieldProblem): StatusError {
  return invalid('meta.k8s.io', kind, '', [problem]);
}

function notANumber(text: string): string {
  return `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
}

export interface ListOptions {
  /** No limit is 0. */
  limit: number;
  continue: string;
  /** The state to show: exactly this version; undefined for the newest. */
  exactly: number | undefined;
}

function matchProblem(query: URLSearchParams): string | undefined {
  const match = query.get('resourceVersionMatch');
  if (match !== null && !query.get('resourceVersion'))
    return 'resourceVersionMatch is forbidden unless resourceVersion is provided';
  return undefined;
}

export function listOptions(store: MemoryStore, query: URLSearchParams): ListOptions {
  const limit = query.get('limit') ?? '0';
  if (!/^-?\d+$/.test(limit))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limit)}: invalid syntax`);
  const token = query.get('continue') ?? '';
  const version = query.get('resourceVersion') ?? '';
  if (token !== '' && version !== '' && version !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  const problem = matchProblem(query);
  if (problem !== undefined)
    throw optionProblem('ListOptions', forbiddenValue('resourceVersionMatch', problem));
  if (!/^\d*$/.test(version))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(version)}: ${notANumber(version)}`,
    );
  if (Number(version) > store.version()) throw tooLarge(version, store.version());
  const exactly = query.get('resourceVersionMatch') === 'Exact' ? Number(version) : undefined;
  return { limit: Number(limit), continue: token, exactly };
}

function tooLarge(version: string, current: number): StatusError {
  return new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${version}, current: ${current}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  );
}

/** Throws when a watch asks for what does not go together. */
export function checkWatchOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch');
  const initial = query.has('sendInitialEvents');
  if (initial && match !== 'NotOlderThan')
    throw optionProblem(
      'ListOptions',
      forbiddenValue(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    );
  if (!initial && match !== null)
    throw optionProblem(
      'ListOptions',
      forbiddenValue(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      ),
    );
  if (initial && !isTrue(query.get('allowWatchBookmarks'))) return;
  const version = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(version))
    throw new StatusError(
      500,
      undefined,
      `resourceVersion: Invalid value: ${JSON.stringify(version)}: ${notANumber(version)}`,
    );
}

const optionKinds: Partial<Record<Verb, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

export function isDryRun(verb: Verb, asked: readonly unknown[]): boolean {
  if (asked.some((word) => word !== 'All'))
    throw optionProblem(optionKinds[verb] ?? 'DeleteOptions', unsupported('dryRun', asked, ['All']));
  return asked.length > 0;
}

export function checkPropagation(policy: unknown): void {
  const policies = ['Foreground', 'Background', 'Orphan', 'nil'];
  if (policy !== undefined && !policies.slice(0, 3).includes(policy as string))
    throw optionProblem('DeleteOptions', unsupported('propagationPolicy', policy, policies));
}

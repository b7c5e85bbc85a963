/** Refusals of an API server, with the `Status` body a real one answers. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusBody {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Failure';
  message: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  code: number;
}

export class StatusError extends Error {
  readonly body: StatusBody;
  constructor(code: number, reason: string | undefined, message: string, details?: StatusBody['details']) {
    super(message);
    this.name = 'StatusError';
    const base = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' } as const;
    this.body = {
      ...base,
      message,
      ...(reason !== undefined && { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** `apps/deployments` as messages name it: `deployments.apps`; the core group has no suffix. */
export function groupResource(resource: string): string {
  const [group, plural] = split(resource);
  return group === '' ? plural : `${plural}.${group}`;
}

function split(resource: string): [group: string, plural: string] {
  const slash = resource.lastIndexOf('/');
  const group = resource.slice(0, slash);
  return [group === 'core' ? '' : group, resource.slice(slash + 1)];
}

function detailsOf(resource: string, name: string): { name?: string; group?: string; kind: string } {
  const [group, plural] = split(resource);
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural };
}

export function notFound(resource: string, name: string): StatusError {
  const message = `${groupResource(resource)} ${JSON.stringify(name)} not found`;
  return new StatusError(404, 'NotFound', message, detailsOf(resource, name));
}

export function alreadyExists(resource: string, name: string): StatusError {
  const message = `${groupResource(resource)} ${JSON.stringify(name)} already exists`;
  return new StatusError(409, 'AlreadyExists', message, detailsOf(resource, name));
}

export function conflict(resource: string, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResource(resource)} ${JSON.stringify(name)}: ${why}`;
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name));
}

/** What an update with an old resourceVersion is told. */
export const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(resource: string, name: string, why: string, causes?: StatusCause[]): StatusError {
  const quoted = name === '' ? '' : ` ${JSON.stringify(name)}`;
  const message = `${groupResource(resource)}${quoted} is forbidden: ${why}`;
  const details = { ...detailsOf(resource, name), ...(causes && { causes }) };
  return new StatusError(403, 'Forbidden', message, details);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function gone(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** One problem of a 422: `reason` as Kubernetes names it (FieldValueRequired, FieldValueInvalid …). */
export interface FieldProblem {
  field: string;
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueTypeInvalid';
  message: string;
}

export function invalid(group: string, kind: string, name: string, problems: FieldProblem[]): StatusError {
  const texts = problems.map((problem) => `${problem.field}: ${problem.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualified = group === '' ? kind : `${kind}.${group}`;
  const causes = problems.map(({ field, reason, message }) => ({ reason, message, field }));
  return new StatusError(422, 'Invalid', `${qualified} ${JSON.stringify(name)} is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    causes,
  });
}

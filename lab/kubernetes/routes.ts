/** From a request to its answer: discovery, health, reviews, then verbs on resources. */
import { type Attributes, isAllowed, refusal } from './authorization.ts';
import { discover, virtualTypes } from './discovery.ts';
import { type Plane, type Reply, typesOf } from './plane.ts';
import { find, list, presented } from './read.ts';
import type { ApiRequest, Target, Verb } from './request.ts';
import type { ResourceType } from './resources.ts';
import { review } from './reviews.ts';
import { StatusError } from './status-error.ts';
import { evict } from './subresources/eviction.ts';
import { scale } from './subresources/scale.ts';
import { requestToken } from './subresources/token.ts';
import type { User } from './tokens.ts';
import { create, patch, remove, removeCollection, update } from './write.ts';

export function authorize(plane: Plane, user: User, wanted: Attributes): void {
  if (!isAllowed(plane.store, user, wanted)) throw refusal(user, wanted);
}

export function unknownPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** A path no handler is there for: answered as plain text. */
export class PageNotFound extends Error {}

function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** Paths that name no resource. */
export function answerPath(plane: Plane, path: string, user: User): Reply | string {
  authorize(plane, user, { verb: 'get', path });
  if (path === '/readyz' || path === '/livez' || path === '/healthz') return 'ok';
  const body = discover(path, typesOf(plane));
  if (body === undefined) throw path.split('/').length === 4 ? unknownPath() : new PageNotFound();
  return { code: 200, body };
}

export function reviewKind({ group, plural }: Target): string | undefined {
  return virtualTypes.find((type) => type.group === group && type.plural === plural)?.kind;
}

export function answerReview(plane: Plane, kind: string, target: Target, body: unknown, user: User): Reply {
  authorize(plane, user, { verb: 'create', group: target.group, plural: target.plural });
  return review(plane, kind, body, user);
}

const ofLists: readonly Verb[] = ['list', 'watch', 'create', 'deletecollection'];
const ofObjects: readonly Verb[] = ['get', 'update', 'patch', 'delete'];
/** Those that only ask for something to be done. */
const posted = ['eviction', 'token', 'binding'];

/** Throws the 404 of a subresource that is not there, and the 405 of a verb that a path has not. */
export function checkMethod(type: ResourceType, verb: Verb, { name, subresource }: Target): void {
  if (subresource !== undefined && !type.subresources.includes(subresource)) throw unknownPath();
  const allowed =
    subresource === undefined
      ? name === undefined
        ? ofLists
        : [...ofObjects, 'watch']
      : posted.includes(subresource)
        ? ['create']
        : ['get', 'update', 'patch'];
  if (!allowed.includes(verb)) throw methodNotAllowed();
}

export function answer(plane: Plane, request: ApiRequest): Reply {
  const { verb, type, target } = request;
  if (target.subresource === 'scale') return scale(plane, request);
  if (target.subresource === 'eviction' && verb === 'create') return evict(plane, request);
  if (target.subresource === 'token' && verb === 'create') return requestToken(plane, request);
  switch (verb) {
    case 'get':
      return { code: 200, body: presented(type, find(plane.store, request)) };
    case 'list':
      return { code: 200, body: list(plane.store, request) };
    case 'create':
      return create(plane, request);
    case 'update':
      return update(plane, request);
    case 'patch':
      return patch(plane, request);
    case 'delete':
      return remove(plane, request);
    case 'deletecollection':
      return removeCollection(plane, request);
    default:
      throw methodNotAllowed();
  }
}

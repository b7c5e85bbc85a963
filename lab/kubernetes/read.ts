/** get and list. */
import type { KubeObject, Resource } from '../store.ts';
import { listOptions } from './options.ts';
import type { ApiRequest } from './request.ts';
import type { ResourceType } from './resources.ts';
import { type Predicate, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest, gone, notFound } from './status-error.ts';
import type { MemoryStore } from './store.ts';

/** As one version of the API shows it: the version that was asked for, whichever it was stored with. */
export function presented({ group, version, kind }: ResourceType, object: KubeObject): KubeObject {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...rest } as KubeObject;
}

export function find(store: MemoryStore, { type, target }: ApiRequest): KubeObject {
  const object = store.get(type.resource, target.namespace, target.name as string);
  if (object === undefined) throw notFound(type.resource, target.name as string);
  return object;
}

/** Namespace, label selector and field selector of a request in one. */
export function filterOf({ type, target, query }: ApiRequest): Predicate {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(type.resource, query.get('fieldSelector') ?? '');
  const { namespace } = target;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) && labels(object) && fields(object);
}

/** In the order of the keys in etcd. */
function sortKey({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

interface Position {
  version: number;
  after: string;
}

function positionOf(store: MemoryStore, token: string): Position | undefined {
  if (!token) return undefined;
  const position = decoded(token);
  if (store.since(position.version) === undefined)
    throw gone(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
  return position;
}

function decoded(token: string): Position {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as Position;
  } catch (error) {
    throw badRequest(`invalid continue token: continue key is not valid: ${(error as Error).message}`);
  }
}

/** The objects as they were at a version: what came after is taken back. */
function objectsAt(store: MemoryStore, resource: Resource, version: number): KubeObject[] {
  const changes = store.since(version);
  if (changes === undefined) throw gone(`The resourceVersion for the provided list is too old.`);
  const objects = new Map([...store.peek(resource)].map((object) => [sortKey(object), object]));
  for (const change of changes.toReversed()) {
    if (change.resource !== resource) continue;
    if (change.before === undefined) objects.delete(sortKey(change.object));
    else objects.set(sortKey(change.object), change.before);
  }
  return [...objects.values()];
}

export function list(store: MemoryStore, request: ApiRequest): object {
  const { type, query } = request;
  const options = listOptions(store, query);
  const position = positionOf(store, options.continue);
  const version = position?.version ?? options.exactly ?? store.version();
  const selects = query.get('labelSelector') || query.get('fieldSelector');
  const all = objectsAt(store, type.resource, version)
    .filter(filterOf(request))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .filter((object) => position === undefined || sortKey(object) > position.after);
  const limit = options.limit || all.length;
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const more = items.length < all.length && last !== undefined;
  const next: Position | undefined = more ? { version, after: sortKey(last) } : undefined;
  return {
    kind: `${type.kind}List`,
    apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
    metadata: {
      resourceVersion: String(version),
      ...(next && {
        continue: Buffer.from(JSON.stringify(next)).toString('base64url'),
        ...(!selects && { remainingItemCount: all.length - items.length }),
      }),
    },
    items: items.map((object) => (type.custom ? presented(type, object) : withoutType(object))),
  };
}

/** Items of a typed list carry no apiVersion and kind. */
function withoutType({ apiVersion: _apiVersion, kind: _kind, ...rest }: KubeObject): object {
  return rest;
}

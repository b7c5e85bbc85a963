/** What an object must pass before it is stored: identity in agreement with the path, a namespace that lives. */
import type { KubeObject } from '../store.ts';
import { isObject } from './patch/json.ts';
import type { ApiRequest } from './request.ts';
import { badRequest, conflict, forbidden, notFound } from './status-error.ts';
import type { MemoryStore } from './store.ts';

export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The body of a write as an object of the requested type. */
export function objectOf(request: ApiRequest, body: unknown = request.body): KubeObject {
  const { type, target } = request;
  if (!isObject(body)) throw badRequest('the request body is not a JSON object');
  const object = structuredClone(body) as unknown as KubeObject;
  object.metadata ??= {} as KubeObject['metadata'];
  object.apiVersion ??= apiVersionOf(type);
  object.kind ??= type.kind;
  if (object.apiVersion !== apiVersionOf(type) || object.kind !== type.kind)
    throw badRequest(
      `${object.kind} in version ${JSON.stringify(object.apiVersion)} cannot be handled as a ${type.kind}: the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  const { metadata } = object;
  if (target.name !== undefined && metadata.name === undefined) metadata.name = target.name;
  if (target.name !== undefined && metadata.name !== target.name)
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${target.name})`,
    );
  if (!type.namespaced) delete metadata.namespace;
  else if (metadata.namespace !== undefined && metadata.namespace !== target.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  else if (target.namespace !== undefined) metadata.namespace = target.namespace;
  return object;
}

/** New objects only: deletion and updates go on in a namespace that is going away. */
export function checkNamespace(store: MemoryStore, { type, target }: ApiRequest, name: string): void {
  if (!type.namespaced) return;
  const namespace = target.namespace as string;
  const found = store.get('core/namespaces', undefined, namespace);
  if (found === undefined) throw notFound('core/namespaces', namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(type.resource, name, why);
}

/** A uid or resourceVersion that a writer names must be the stored one. */
export function checkPreconditions(
  resource: string,
  live: KubeObject,
  expected: { uid?: unknown; resourceVersion?: unknown },
  message: string,
): void {
  const { uid, resourceVersion, name } = live.metadata;
  if (expected.uid && expected.uid !== uid)
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${uid}`,
    );
  if (expected.resourceVersion && expected.resourceVersion !== resourceVersion)
    throw conflict(resource, name, message);
}

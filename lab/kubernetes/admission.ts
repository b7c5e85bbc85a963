/** What an object must pass before it is stored: identity in agreement with the path, a namespace that lives. */
import type { KubeObject } from '../store.ts';
import { isObject } from './patch/json.ts';
import type { ApiRequest } from './request.ts';
import { badRequest, conflict, forbidden, MODIFIED, notFound, StatusError } from './status-error.ts';
import type { MemoryStore } from './store.ts';

/** What Go's decoder says of a body that is no object. */
function noObject(body: unknown): string {
  if (body === undefined)
    return "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)";
  const found = Array.isArray(body) ? 'array' : typeof body;
  const wanted =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const hex = Buffer.from(JSON.stringify(body)).toString('hex');
  return `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type ${wanted} (${hex})`;
}

export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The body of a write as an object of the requested type. */
export function objectOf(request: ApiRequest, body: unknown = request.body): KubeObject {
  const { type, target } = request;
  if (!isObject(body))
    throw badRequest(`the object provided is unrecognized (must be of type ${type.kind}): ${noObject(body)}`);
  const object = structuredClone(body) as unknown as KubeObject;
  object.metadata ??= {} as KubeObject['metadata'];
  object.apiVersion ??= apiVersionOf(type);
  object.kind ??= type.kind;
  const expected = apiVersionOf(type);
  if (object.apiVersion !== expected)
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${expected})`,
    );
  if (object.kind !== type.kind)
    throw badRequest(`${object.kind} in version "${type.version}" cannot be handled as a ${type.kind}`);
  const { metadata } = object;
  if (target.name !== undefined && metadata.name === undefined) {
    if (request.verb === 'update')
      throw badRequest(
        `the name of the object (${target.name} based on URL) was undeterminable: name must be provided`,
      );
    metadata.name = target.name;
  }
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
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(type.resource, name, why, [
    { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
  ]);
}

interface Expected {
  uid?: unknown;
  resourceVersion?: unknown;
}

/** A uid or resourceVersion that a writer names must be the stored one. */
export function checkIdentity(resource: string, live: KubeObject, expected: Expected): void {
  const { uid, resourceVersion, name, namespace } = live.metadata;
  if (expected.uid && expected.uid !== uid) {
    const key = [resource.replace('core/', ''), namespace, name].filter(Boolean).join('/');
    const why = `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${uid}`;
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  if (expected.resourceVersion && expected.resourceVersion !== resourceVersion)
    throw conflict(resource, name, MODIFIED);
}

/** The same for a deletion, which a real server tells in other words. */
export function checkPreconditions(kind: string, live: KubeObject, expected: Expected): void {
  const { uid, resourceVersion, name } = live.metadata;
  if (expected.uid && expected.uid !== uid)
    throw changed(
      kind,
      name,
      `the UID in the precondition (${expected.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  if (expected.resourceVersion && expected.resourceVersion !== resourceVersion)
    throw changed(
      kind,
      name,
      `the ResourceVersion in the precondition (${expected.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
}

function changed(kind: string, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${kind} ${JSON.stringify(name)}: ${why}`;
  return new StatusError(409, 'Conflict', message, { name, kind });
}

/** create, update, patch, delete and deletecollection of a resource or its status. */
import { timestamp } from '../clock.ts';
import type { KubeObject } from '../store.ts';
import { checkNamespace, checkPreconditions, objectOf } from './admission.ts';
import { isAllowed, refusal } from './authorization.ts';
import type { Deletion } from './deletion.ts';
import { checkEscalation } from './escalation.ts';
import { apply } from './patch/apply.ts';
import { isObject } from './patch/json.ts';
import { trackUpdate, type Writer } from './patch/managed-fields.ts';
import { patched } from './patch/patched.ts';
import type { Plane, Reply } from './plane.ts';
import { filterOf, find, presented } from './read.ts';
import { type ApiRequest, isTrue } from './request.ts';
import { badRequest, MODIFIED, StatusError } from './status-error.ts';
import { createStore, type MemoryStore } from './store.ts';
import { validate } from './validation/validation.ts';

/** A dry run is the same write on a copy of the store that is then forgotten. */
export function storeFor(plane: Plane, { query, body }: ApiRequest): MemoryStore {
  const asked = query.getAll('dryRun').concat((isObject(body) && (body.dryRun as string[])) || []);
  if (!asked.includes('All')) return plane.store;
  return createStore(plane.store.name, { clock: plane.clock, state: plane.store.state() });
}

export function writerOf(plane: Plane, request: ApiRequest): Writer {
  const { query, contentType, agent, target, type } = request;
  return {
    manager: query.get('fieldManager') ?? agent,
    operation: contentType === 'application/apply-patch+yaml' ? 'Apply' : 'Update',
    subresource: target.subresource,
    time: timestamp(plane.clock.now()),
    custom: type.custom || type.group.endsWith('.karmada.io'),
  };
}

/** A status is written by its own subresource, where a type has one; nodes bring theirs along. */
function keepStatus({ type, target }: ApiRequest, object: KubeObject, live: KubeObject | undefined): void {
  if (!type.subresources.includes('status') || target.subresource === 'status') return;
  if (live === undefined && type.resource === 'core/nodes') return;
  if (live?.status === undefined) delete object.status;
  else object.status = structuredClone(live.status);
}

export function create(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const object = objectOf(request);
  if (!object.metadata.name && !object.metadata.generateName)
    throw new StatusError(
      422,
      'Invalid',
      `${request.type.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
    );
  return stored(plane, store, request, object);
}

function stored(plane: Plane, store: MemoryStore, request: ApiRequest, object: KubeObject): Reply {
  const { type } = request;
  checkNamespace(store, request, object.metadata.name ?? '');
  keepStatus(request, object, undefined);
  if (object.metadata.name) validate(type, object, undefined);
  checkEscalation(plane, request, object);
  const writer = writerOf(plane, request);
  if (writer.operation === 'Update') {
    delete object.metadata.managedFields;
    trackUpdate(undefined, object, writer);
  }
  return { code: 201, body: presented(type, store.create(type.resource, object)) };
}

/** Writes what `edit` makes of the live object: one path for updates and every kind of patch. */
function change(
  plane: Plane,
  store: MemoryStore,
  request: ApiRequest,
  edit: (live: KubeObject) => KubeObject,
): Reply {
  const { type, target } = request;
  const writer = writerOf(plane, request);
  const stored = store.update(type.resource, target.namespace, target.name as string, (draft) => {
    const live = structuredClone(draft);
    const next = edit(presented(type, live));
    checkPreconditions(type.resource, live, next.metadata, MODIFIED);
    if (target.subresource === 'status') {
      const { status, metadata } = next;
      Object.assign(next, structuredClone(live), { status });
      next.metadata.managedFields = metadata.managedFields ?? [];
    }
    keepStatus(request, next, live);
    validate(type, next, live);
    checkEscalation(plane, request, next);
    if (writer.operation === 'Update') trackUpdate(live, next, writer);
    for (const field of Object.keys(draft)) if (!(field in next)) delete draft[field];
    Object.assign(draft, next);
  });
  return { code: 200, body: presented(type, stored) };
}

export function update(plane: Plane, request: ApiRequest): Reply {
  const object = objectOf(request);
  return change(plane, storeFor(plane, request), request, () => object);
}

export function patch(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const { type, target, query, contentType } = request;
  if (contentType !== 'application/apply-patch+yaml')
    return change(plane, store, request, (live) =>
      objectOf(request, patched(type, live, contentType, request.body)),
    );
  if (!query.get('fieldManager')) throw badRequest('fieldManager is required for apply patch');
  const applied = objectOf(request);
  const force = isTrue(query.get('force'));
  const writer = writerOf(plane, request);
  if (store.get(type.resource, target.namespace, target.name as string) !== undefined)
    return change(plane, store, request, (live) => apply(live, applied, writer, force));
  const creation = { verb: 'create', ...target };
  if (!isAllowed(plane.store, request.user, creation)) throw refusal(request.user, creation);
  keepStatus(request, applied, undefined);
  return stored(plane, store, request, apply(undefined, applied, writer, force));
}

function deletionOf({ query, body }: ApiRequest): Deletion & { preconditions: Record<string, unknown> } {
  const options = isObject(body) ? body : {};
  const grace = options.gracePeriodSeconds ?? query.get('gracePeriodSeconds');
  const policy = options.propagationPolicy ?? query.get('propagationPolicy');
  return {
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(typeof policy === 'string' && {
      propagationPolicy: policy as 'Background' | 'Foreground' | 'Orphan',
    }),
    preconditions: isObject(options.preconditions) ? options.preconditions : {},
  };
}

export function remove(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const { type, target } = request;
  const { preconditions, ...deletion } = deletionOf(request);
  const live = find(store, request);
  const { name, uid, resourceVersion } = live.metadata;
  checkPreconditions(
    type.resource,
    live,
    preconditions,
    `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`,
  );
  const left = store.remove(type.resource, target.namespace, name, deletion);
  if (store.get(type.resource, target.namespace, name) !== undefined)
    return { code: 200, body: presented(type, left) };
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid };
  return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}

export function removeCollection(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const { type } = request;
  const { preconditions: _preconditions, ...deletion } = deletionOf(request);
  const matches = filterOf(request);
  const items = [...store.peek(type.resource)].filter(matches);
  for (const { metadata } of items)
    if (store.get(type.resource, metadata.namespace, metadata.name) !== undefined)
      store.remove(type.resource, metadata.namespace, metadata.name, deletion);
  const metadata = { resourceVersion: String(store.version()) };
  const { apiVersion } = presented(type, {} as KubeObject);
  return { code: 200, body: { kind: `${type.kind}List`, apiVersion, metadata, items } };
}

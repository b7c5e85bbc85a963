/** create, update, patch, delete and deletecollection of a resource or its status. */
import { timestamp } from '../clock.ts';
import type { KubeObject } from '../store.ts';
import { checkIdentity, checkNamespace, checkPreconditions, objectOf } from './admission.ts';
import { isAllowed, refusal } from './authorization.ts';
import type { Deletion } from './deletion.ts';
import { checkEscalation } from './escalation.ts';
import { checkPropagation, isDryRun } from './options.ts';
import { apply } from './patch/apply.ts';
import { isObject } from './patch/json.ts';
import { trackUpdate, type Writer } from './patch/managed-fields.ts';
import { patched } from './patch/patched.ts';
import type { Plane, Reply } from './plane.ts';
import { filterOf, find, presented } from './read.ts';
import { type ApiRequest, isTrue } from './request.ts';
import { badRequest, invalid, StatusError } from './status-error.ts';
import { createStore, type MemoryStore } from './store.ts';
import { required } from './validation/problems.ts';
import { validate } from './validation/validation.ts';

/** A dry run is the same write on a copy of the store that is then forgotten. */
export function storeFor(plane: Plane, { verb, query, body }: ApiRequest): MemoryStore {
  const asked = query.getAll('dryRun').concat((isObject(body) && (body.dryRun as string[])) || []);
  if (!isDryRun(verb, asked)) return plane.store;
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

/** Karmada's API server notes when a taint that evicts was set; tolerations are counted from there. */
function stampTaints({ clock }: Plane, { type }: ApiRequest, { spec }: KubeObject): void {
  if (type.resource !== 'cluster.karmada.io/clusters') return;
  for (const taint of (spec?.taints ?? []) as { effect: string; timeAdded?: string }[])
    if (taint.effect === 'NoExecute') taint.timeAdded ??= timestamp(clock.now());
}

export function create(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const object = objectOf(request);
  if (!object.metadata.name && !object.metadata.generateName)
    throw invalid(request.type.group, request.type.kind, '', [
      required('metadata.name', 'name or generateName is required'),
    ]);
  if (object.metadata.resourceVersion)
    throw new StatusError(500, undefined, 'resourceVersion should not be set on objects to be created');
  return stored(plane, store, request, object);
}

function stored(plane: Plane, store: MemoryStore, request: ApiRequest, object: KubeObject): Reply {
  const { type } = request;
  checkNamespace(store, request, object.metadata.name ?? '');
  keepStatus(request, object, undefined);
  if (object.metadata.name) validate(type, object, undefined);
  stampTaints(plane, request, object);
  checkEscalation(plane, request, object);
  const writer = writerOf(plane, request);
  if (writer.operation === 'Update') {
    delete object.metadata.managedFields;
    trackUpdate(undefined, object, writer);
  }
  const made = presented(type, store.create(type.resource, object));
  // Nothing was stored: there is no version to tell.
  if (store !== plane.store) delete made.metadata.resourceVersion;
  return { code: 201, body: made };
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
    checkIdentity(type.resource, live, next.metadata);
    if (target.subresource === 'status') {
      const { status, metadata } = next;
      Object.assign(next, structuredClone(live), { status });
      next.metadata.managedFields = metadata.managedFields ?? [];
    }
    keepStatus(request, next, live);
    validate(type, next, live);
    stampTaints(plane, request, next);
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

/** Apply wants an object that says what it is, and not who manages it. */
function appliedObject(request: ApiRequest): KubeObject {
  const { apiVersion = '', kind = '', metadata } = isObject(request.body) ? request.body : {};
  if (!apiVersion || !kind) throw badRequest(`invalid object type: /${apiVersion}, Kind=${kind}`);
  if (isObject(metadata) && metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
  return objectOf(request);
}

export function patch(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const { type, target, query, contentType } = request;
  if (contentType !== 'application/apply-patch+yaml')
    return change(plane, store, request, (live) =>
      objectOf(request, patched(type, live, contentType, request.body)),
    );
  if (!query.get('fieldManager'))
    throw invalid('meta.k8s.io', 'PatchOptions', '', [
      required('fieldManager', 'is required for apply patch'),
    ]);
  const applied = appliedObject(request);
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
  checkPropagation(policy ?? undefined);
  return {
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(typeof policy === 'string' && {
      propagationPolicy: policy as 'Background' | 'Foreground' | 'Orphan',
    }),
    preconditions: isObject(options.preconditions) ? options.preconditions : {},
  };
}

/** Types that answer a deletion with the object, also when it is gone. */
const tellsObject = new Set(['core/pods', 'core/services', 'core/serviceaccounts']);

export function remove(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const { type, target } = request;
  const { preconditions, ...deletion } = deletionOf(request);
  const live = find(store, request);
  const { name, uid } = live.metadata;
  checkPreconditions(type.kind, live, preconditions);
  const left = store.remove(type.resource, target.namespace, name, deletion);
  if (tellsObject.has(type.resource) || left.metadata.deletionTimestamp !== undefined)
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

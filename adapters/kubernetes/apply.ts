/** Server-side apply as `firedrill`. */
import { refused } from '../../activities/failure.ts';
import type { KubeObject } from '../../activities/ports/plane.ts';
import { adopted } from './adopt.ts';
import { type ApiAnswer, accept } from './answer.ts';
import type { KubeApi } from './api.ts';
import { describeRef, type FindResource, refOf, resourcePath } from './paths.ts';

export const FIELD_MANAGER = 'firedrill';

export async function applyObject(
  api: KubeApi,
  find: FindResource,
  object: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject> {
  const { plural, namespaced } = await find(object.apiVersion, object.kind, signal);
  const namespace = namespaced ? (object.metadata.namespace ?? 'default') : undefined;
  const asked = { verb: 'apply', object: describeRef(refOf(object)) };
  const path = resourcePath(object.apiVersion, plural, namespace, object.metadata.name);
  await adoptEdits(api, path, asked, signal);
  const send = (force: boolean) =>
    api.send(
      asked,
      {
        method: 'PATCH',
        path,
        query: { fieldManager: FIELD_MANAGER, force: String(force) },
        contentType: 'application/apply-patch+yaml',
        body: object,
      },
      signal,
    );
  const polite = await send(false);
  const owners = conflictingManagers(polite);
  if (owners.length === 0) return accept(polite, { plane: api.name, ...asked });
  const others = owners.filter((owner) => owner !== FIELD_MANAGER);
  if (others.length === 0) return accept(await send(true), { plane: api.name, ...asked });
  throw refused({
    code: 'FD3016',
    where: api.name,
    what: `${asked.verb} ${asked.object}: fields of it belong to ${others.join(', ')}: ${conflicts(polite).join('; ')}`,
    remedy: 'Leave these fields out of the manifest, or have their owner give them up',
  });
}

/** One that somebody changed meanwhile is left: the apply then says what it finds. */
async function adoptEdits(
  api: KubeApi,
  path: string,
  asked: { verb: string; object: string },
  signal: AbortSignal,
): Promise<void> {
  const reading = { ...asked, verb: 'get' };
  const found = await api.send(reading, { method: 'GET', path }, signal);
  if (found.status === 404) return;
  const managedFields = adopted(accept(found, { plane: api.name, ...reading }), FIELD_MANAGER);
  if (managedFields === undefined) return;
  const body = [
    { op: 'test', path: '/metadata/resourceVersion', value: found.body.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
  ];
  const contentType = 'application/json-patch+json';
  await api.send({ ...asked, verb: 'patch' }, { method: 'PATCH', path, contentType, body }, signal);
}

function conflictingManagers(answer: ApiAnswer): string[] {
  return [
    ...new Set(conflicts(answer).map((message) => /conflict with "([^"]*)"/.exec(message)?.[1] ?? message)),
  ];
}

/** Lines like `.spec.replicas: conflict with "kubectl" using apps/v1`. */
function conflicts(answer: ApiAnswer): string[] {
  if (answer.status !== 409) return [];
  const causes: { reason?: string; message?: string; field?: string }[] = answer.body?.details?.causes ?? [];
  return causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`);
}

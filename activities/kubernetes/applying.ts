/** Server-side apply of manifests with its way back; the same for a member and for the federation. */
import { z } from 'zod';
import type { Json } from '../../dsl/plan.ts';
import type { Acted, Difference, StepContext, Undone } from '../kind.ts';
import type { KubeObject, ObjectRef, Plane } from '../ports/plane.ts';
import { changedFields, reversal } from './fields.ts';
import { ownedOf, reapplied } from './owned.ts';

/**
 * As the objects were before; null where there was none. In the order of the manifests. `owned`: what we had
 * applied to it then.
 */
export type Before = { ref: ObjectRef; before: KubeObject | null; owned?: KubeObject | null }[];

export const applied = z.object({
  objects: z.array(z.object({ object: z.string(), outcome: z.enum(['created', 'changed', 'unchanged']) })),
});
export type Applied = z.infer<typeof applied>;

export const refOf = (object: KubeObject): ObjectRef => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
});

export const refText = ({ kind, namespace, name }: ObjectRef): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

export async function snapshotObjects(
  plane: Plane,
  objects: KubeObject[],
  signal: AbortSignal,
): Promise<Before> {
  return Promise.all(
    objects.map(async (object) => {
      const found = await readIfKnown(plane, refOf(object), signal);
      return {
        ref: refOf(object),
        before: found ? withoutServerFields(found) : null,
        owned: (found && ownedOf(found)) ?? null,
      };
    }),
  );
}

/** A kind that a CRD of the same manifests brings is not there yet: so neither is the object. */
async function readIfKnown(
  plane: Plane,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    return await plane.read(ref, signal);
  } catch (error) {
    const code = (error as { details?: { code?: string }[] }).details?.[0]?.code;
    if (code === 'FD3015') return undefined;
    throw error;
  }
}

function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, metadata, ...rest } = object;
  const { managedFields: __, ...kept } = metadata;
  return { ...rest, metadata: kept } as KubeObject;
}

export async function applyObjects(
  plane: Plane,
  objects: KubeObject[],
  before: Before,
  context: StepContext,
): Promise<Acted<Applied>> {
  const done: Applied['objects'] = [];
  for (const [index, object] of objects.entries()) {
    context.signal.throwIfAborted();
    const now = await plane.apply(object, context.signal);
    const was = before[index]?.before;
    const same = was?.metadata.resourceVersion === now.metadata.resourceVersion;
    done.push({
      object: refText(refOf(object)),
      outcome: was ? (same ? 'unchanged' : 'changed') : 'created',
    });
    context.heartbeat({ applied: done.length, of: objects.length });
  }
  return { done: true, output: { objects: done } };
}

/** Last first. Removes what this run created, puts back the fields it changed, leaves what others changed since. */
export async function revertObjects(
  plane: Plane,
  objects: KubeObject[],
  before: Before,
  context: StepContext,
): Promise<Undone> {
  const left: Difference[] = [];
  for (const [index, object] of [...objects.entries()].reverse()) {
    context.signal.throwIfAborted();
    const was = before[index]?.before ?? null;
    const now = await readIfKnown(plane, refOf(object), context.signal);
    if (!now) continue;
    if (was === null) await removeOurs(plane, now, context.signal);
    else
      left.push(
        ...(await putBack(plane, object, was, before[index]?.owned ?? undefined, now, context.signal)),
      );
  }
  return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
}

/** Somebody may have created it at the same moment: then our name is not among its managers. */
async function removeOurs(plane: Plane, now: KubeObject, signal: AbortSignal): Promise<void> {
  const managers = now.metadata.managedFields?.map((entry) => entry.manager) ?? [];
  if (managers.length > 0 && !managers.includes('firedrill')) return;
  await plane.remove(refOf(now), signal, now.metadata.uid);
}

/** What we had applied before is applied again; where we had applied nothing, our fields are patched back. */
async function putBack(
  plane: Plane,
  written: KubeObject,
  was: KubeObject,
  owned: KubeObject | undefined,
  now: KubeObject,
  signal: AbortSignal,
): Promise<Difference[]> {
  const told = (fields: { path: string; before: unknown; now: unknown }[]) =>
    fields.map(({ path, before, now: is }) =>
      difference(
        plane,
        refOf(now),
        { path, before: before as Json, now: is as Json },
        'somebody has changed it since',
      ),
    );
  if (owned !== undefined) {
    const { fields, left } = reapplied(partsOf(owned), partsOf(written), partsOf(now));
    const { metadata, ...rest } = fields as { metadata?: object };
    const { apiVersion, kind } = owned;
    const { name, namespace } = owned.metadata;
    const identity = { name, ...(namespace === undefined ? {} : { namespace }) };
    await plane.apply({ ...rest, apiVersion, kind, metadata: { ...metadata, ...identity } }, signal);
    return told(left);
  }
  const { patch, left } = reversal(partsOf(written), partsOf(was), partsOf(now));
  if (patch) await plane.patch(refOf(now), patch, signal);
  return told(left);
}

/** What a manifest writes, without what names the object. */
function partsOf(object: KubeObject): Record<string, unknown> {
  const { apiVersion: _, kind: __, metadata, status: ___, ...rest } = object;
  const { labels, annotations } = metadata;
  return { ...rest, metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) } };
}

export async function compareObjects(
  plane: Plane,
  objects: KubeObject[],
  before: Before,
  context: StepContext,
): Promise<Difference[]> {
  const compared = objects.map(async (object, index): Promise<Difference[]> => {
    const ref = refOf(object);
    const was = before[index]?.before ?? null;
    const now = await readIfKnown(plane, ref, context.signal);
    if (!now || !was) {
      if (!now === !was) return [];
      const field = { path: '', before: was ? 'there' : 'absent', now: now ? 'there' : 'absent' };
      return [difference(plane, ref, field, now ? 'it was created' : 'it was removed')];
    }
    // What we wrote, and what we had written before: that is dropped when it is not written again.
    const owned = before[index]?.owned ?? object;
    const fields = [object, owned].flatMap((one) => changedFields(partsOf(one), partsOf(was), partsOf(now)));
    const distinct = new Map(fields.map((field) => [field.path, field]));
    return [...distinct.values()].map((field) => difference(plane, ref, field, 'it differs'));
  });
  return (await Promise.all(compared)).flat();
}

function difference(
  plane: Plane,
  ref: ObjectRef,
  field: { path: string; before: Json; now: Json },
  reason: string,
): Difference {
  const space = ref.namespace === undefined ? '' : ` -n ${ref.namespace}`;
  return {
    what: `${plane.name} ${refText(ref)} ${field.path}`.trim(),
    before: field.before,
    now: field.now,
    reason,
    remedy: `kubectl --context ${plane.name}${space} edit ${ref.kind.toLowerCase()} ${ref.name}`,
  };
}

/**
 * What we applied to an object, read back from its managed fields. Server-side apply drops every field that we
 * owned and no longer write: to put an object back is to apply again what we had applied before. Pure.
 */
import type { KubeObject } from '../ports/plane.ts';
import { covers, isRecord } from './fields.ts';

/** As the adapter of the port names itself. */
const MANAGER = 'firedrill';

export type Fields = { [key: string]: Fields };

/** What we applied last, with what we have edited of it since; undefined when we have applied nothing to it. */
export function ownedOf(object: KubeObject): KubeObject | undefined {
  const entries = object.metadata.managedFields?.filter(
    ({ manager, subresource }) => manager === MANAGER && !subresource,
  );
  if (!entries?.some(({ operation }) => operation === 'Apply')) return undefined;
  const fields = entries.map(({ fieldsV1 }) => (fieldsV1 ?? {}) as Fields).reduce(unionOf, {});
  const owned = extract(object, fields) as KubeObject;
  const { name, namespace } = object.metadata;
  return {
    ...owned,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...owned.metadata, name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** The fields of both. */
export function unionOf(one: Fields, other: Fields): Fields {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, unionOf(one[name] ?? {}, other[name] ?? {})]));
}

/** `f:NAME` is a field, `k:{…}` the list's entry with those keys, `v:VALUE` an entry of a set, `.` the thing itself. */
function extract(value: unknown, fields: Fields): unknown {
  const inner = Object.entries(fields).filter(([key]) => key !== '.');
  if (inner.length === 0) return value;
  // In the list's own order: managed fields are sorted, and containers in another order are a new roll-out.
  if (Array.isArray(value))
    return value.flatMap((one) => inner.flatMap(([key, of]) => entryOf(one, key, of)));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    inner.flatMap(([key, of]) => {
      const name = key.slice(2);
      return name in value ? [[name, extract(value[name], of)]] : [];
    }),
  );
}

function entryOf(one: unknown, key: string, fields: Fields): unknown[] {
  const wanted: unknown = JSON.parse(key.slice(2));
  if (key.startsWith('v:')) return JSON.stringify(one) === JSON.stringify(wanted) ? [one] : [];
  if (!isRecord(wanted) || !isRecord(one)) return [];
  const isIt = Object.entries(wanted).every(([name, value]) => one[name] === value);
  return isIt ? [{ ...wanted, ...(extract(one, fields) as object) }] : [];
}

export interface Reapplied {
  /** What to apply: what we owned, without what somebody else has changed since. */
  fields: Record<string, unknown>;
  left: { path: string; before: unknown; now: unknown }[];
}

/** A field is still ours when it holds what we wrote over it; a field that we dropped, when nobody has set it. */
export function reapplied(owned: unknown, written: unknown, now: unknown, path = ''): Reapplied {
  const out: Reapplied = { fields: {}, left: [] };
  for (const [key, before] of Object.entries(isRecord(owned) ? owned : {})) {
    const wrote = isRecord(written) ? written[key] : undefined;
    const is = isRecord(now) ? now[key] : undefined;
    if (isRecord(before) && (wrote === undefined || isRecord(wrote)) && isRecord(is)) {
      const inner = reapplied(before, wrote, is, `${path}${key}.`);
      out.fields[key] = inner.fields;
      out.left.push(...inner.left);
    } else if (covers(wrote, is) || covers(before, is)) out.fields[key] = before;
    else out.left.push({ path: `${path}${key}`, before, now: is ?? null });
  }
  return out;
}

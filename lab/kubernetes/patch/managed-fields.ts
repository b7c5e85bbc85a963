/** managedFields: who set which field, for every write that comes over HTTP. */

import type { KubeObject } from '../../store.ts';
import {
  difference,
  type FieldSet,
  fieldSetOf,
  fromFieldsV1,
  type Path,
  toFieldsV1,
  union,
  valueAt,
} from './field-sets.ts';
import type { JsonObject } from './json.ts';
import { isSame } from './json.ts';

export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: JsonObject;
  subresource?: string;
}

export interface Writer {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource?: string | undefined;
  /** Kubernetes timestamp. */
  time: string;
  /** Of a custom resource. */
  custom: boolean;
}

export function managersOf(object: KubeObject): ManagedFields[] {
  return (object.metadata.managedFields ?? []) as ManagedFields[];
}

export function isWriter(entry: ManagedFields, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '')
  );
}

/** Entries with `fields` given to the writer and `lost` taken from everybody else; empty entries go. */
export function assign(
  entries: ManagedFields[],
  writer: Writer,
  apiVersion: string,
  fields: FieldSet,
  lost: FieldSet,
): ManagedFields[] {
  const others = entries
    .filter((entry) => !isWriter(entry, writer))
    .map((entry) => {
      const owned = fromFieldsV1(entry.fieldsV1);
      const left = difference(owned, lost);
      return left.size === owned.size ? entry : { ...entry, fieldsV1: toFieldsV1(left) };
    })
    .filter((entry) => Object.keys(entry.fieldsV1).length > 0);
  if (fields.size === 0) return others;
  const before = entries.find((entry) => isWriter(entry, writer));
  const fieldsV1 = toFieldsV1(fields);
  const same = before !== undefined && isSame(before.fieldsV1, fieldsV1);
  const own: ManagedFields = {
    manager: writer.manager,
    operation: writer.operation,
    apiVersion,
    time: same && before.time !== undefined ? before.time : writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(writer.subresource && { subresource: writer.subresource }),
  };
  return [...others, own];
}

/** After a create, update or patch: what changed now belongs to the writer, what went belongs to nobody. */
export function trackUpdate(before: KubeObject | undefined, after: KubeObject, writer: Writer): void {
  const now = fieldSetOf(after as unknown as JsonObject, writer.custom);
  const was =
    before === undefined ? new Set<string>() : fieldSetOf(before as unknown as JsonObject, writer.custom);
  const changed = new Set(
    [...now].filter((text) => {
      const path = JSON.parse(text) as Path;
      return !was.has(text) || (isLeaf(path) && !isSame(at(before, path), at(after, path)));
    }),
  );
  const gone = difference(was, now);
  const entries = baseOf(before, after, writer);
  const own = entries.find((entry) => isWriter(entry, writer));
  const kept = own === undefined ? new Set<string>() : difference(fromFieldsV1(own.fieldsV1), gone);
  after.metadata.managedFields = assign(
    entries,
    writer,
    after.apiVersion,
    union(kept, changed),
    union(changed, gone),
  );
}

/** A writer may write the managers themselves, or reset them by `[]` or `[{}]`; one that leaves them out keeps them. */
function baseOf(before: KubeObject | undefined, after: KubeObject, writer: Writer): ManagedFields[] {
  const live = before === undefined ? [] : managersOf(before);
  if (writer.subresource || after.metadata.managedFields === undefined) return live;
  const given = managersOf(after).filter((entry) => Object.keys(entry).length > 0);
  if (given.length === 0) return [];
  return given.every((entry) => typeof entry.fieldsV1 === 'object' && entry.manager) ? given : live;
}

function at(object: KubeObject | undefined, path: Path): unknown {
  return object === undefined ? undefined : valueAt(object as unknown as JsonObject, path);
}

/** An item of a keyed list is itself in the set, and so are its fields: only these are compared. */
function isLeaf(path: Path): boolean {
  return !path.at(-1)?.startsWith('k:');
}

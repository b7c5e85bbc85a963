/** Server-side apply: merges what a manager declares, drops what it declared before, and refuses conflicts. */
import type { KubeObject } from '../../store.ts';
import { StatusError } from '../status-error.ts';
import {
  difference,
  type FieldSet,
  fieldSetOf,
  fromFieldsV1,
  intersection,
  isItem,
  itemElement,
  type Path,
  pathText,
  union,
  valueAt,
} from './field-sets.ts';
import { isObject, isSame, type Json, type JsonObject } from './json.ts';
import { isAtomicMap, listType } from './list-types.ts';
import { assign, isWriter, type ManagedFields, managersOf, type Writer } from './managed-fields.ts';

/** Returns the merged object with its managedFields; throws the 409 when others own what would change. */
export function apply(
  live: KubeObject | undefined,
  applied: KubeObject,
  writer: Writer,
  force: boolean,
): KubeObject {
  const config = structuredClone(applied) as unknown as JsonObject;
  delete (config.metadata as JsonObject).managedFields;
  const fields = fieldSetOf(config, writer.custom);
  const entries = live === undefined ? [] : managersOf(live);
  const base = (live === undefined ? {} : structuredClone(live)) as unknown as JsonObject;
  const merged = merge(base, config, '', writer.custom) as JsonObject;

  const differs = (text: string) => {
    const path = JSON.parse(text) as Path;
    return !path.at(-1)?.startsWith('k:') && !isSame(valueAt(base, path), valueAt(merged, path));
  };
  const others = entries.filter((entry) => !isWriter(entry, writer));
  const conflicts = others
    .map((entry) => ({ entry, shared: intersection(fromFieldsV1(entry.fieldsV1), fields) }))
    .map(({ entry, shared }) => ({ entry, paths: [...shared].filter(differs).sort() }))
    .filter(({ paths }) => paths.length > 0);
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);

  const before = entries.find((entry) => isWriter(entry, writer));
  const ownedByOthers = others
    .map((entry) => withParents(fromFieldsV1(entry.fieldsV1)))
    .reduce(union, new Set());
  const declared = before === undefined ? new Set<string>() : fromFieldsV1(before.fieldsV1);
  const dropped = difference(difference(withFieldsAbove(declared), withFieldsAbove(fields)), ownedByOthers);
  for (const text of [...dropped].sort((a, b) => a.length - b.length)) removeAt(merged, JSON.parse(text));

  const result = merged as unknown as KubeObject;
  const taken = new Set(conflicts.flatMap(({ paths }) => paths));
  result.metadata.managedFields = assign(entries, writer, result.apiVersion, fields, taken);
  return result;
}

function merge(live: Json | undefined, config: Json, path: string, custom: boolean): Json {
  if (Array.isArray(config)) {
    const type = listType(path, custom);
    if (type === undefined || !Array.isArray(live)) return config;
    const merged = [...live];
    for (const item of config) {
      const element = itemElement(item, type);
      const at = merged.findIndex((each) => isItem(each, element));
      if (at < 0) merged.push(item);
      else merged[at] = merge(merged[at], item, path, custom);
    }
    return merged;
  }
  if (!isObject(config) || !isObject(live) || isAtomicMap(path, custom)) return config;
  const merged: JsonObject = { ...live };
  for (const [field, value] of Object.entries(config)) {
    const next = merge(merged[field], value, path === '' ? field : `${path}.${field}`, custom);
    if (next === null) delete merged[field];
    else merged[field] = next;
  }
  return merged;
}

/** A list item stays as long as anybody owns anything in it. */
function withParents(fields: FieldSet): FieldSet {
  const all: FieldSet = new Set(fields);
  for (const text of fields) {
    const path = JSON.parse(text) as Path;
    for (let length = 1; length < path.length; length += 1) all.add(JSON.stringify(path.slice(0, length)));
  }
  return all;
}

/**
 * A map that a manager has declared anything in goes with its last declared field, and with it what nobody owns
 * there, such as a webhook's defaults: structured-merge-diff's EnsureNamedFieldsAreMembers.
 */
function withFieldsAbove(fields: FieldSet): FieldSet {
  return new Set([...withParents(fields)].filter((text) => fields.has(text) || isMap(JSON.parse(text))));
}

/** `metadata`, `spec` and the like are of every object. */
const isMap = (path: Path) => path.length > 1 && path.at(-1)?.startsWith('f:') === true;

/** Removes a field; a map that thereby becomes empty goes as well, a list item only by its own path. */
function removeAt(object: JsonObject, path: Path): void {
  const parent = valueAt(object, path.slice(0, -1));
  const last = path.at(-1) as string;
  if (Array.isArray(parent)) {
    const at = parent.findIndex((item) => isItem(item, last));
    if (at >= 0) parent.splice(at, 1);
    return;
  }
  if (!isObject(parent)) return;
  delete parent[last.slice(2)];
  const above = path.at(-2);
  if (Object.keys(parent).length === 0 && path.length > 2 && above?.startsWith('f:'))
    removeAt(object, path.slice(0, -1));
}

function describe({ manager, operation, apiVersion, subresource }: ManagedFields): string {
  const who =
    JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '');
  return operation === 'Apply' ? who : `${who} using ${apiVersion}`;
}

function applyConflict(conflicts: { entry: ManagedFields; paths: string[] }[]): StatusError {
  const named = conflicts.map(({ entry, paths }) => ({
    by: describe(entry),
    paths: paths.map((text) => pathText(JSON.parse(text) as Path)),
  }));
  const causes = named.flatMap(({ by, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${by}`, field })),
  );
  const many = named.map(({ by, paths }) =>
    [`conflicts with ${by}:`, ...paths.map((path) => `- ${path}`)].join('\n'),
  );
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: conflict with ${named[0]?.by}: ${causes[0]?.field}`
      : `Apply failed with ${causes.length} conflicts: ${many.join('\n')}`;
  return new StatusError(409, 'Conflict', message, { causes });
}

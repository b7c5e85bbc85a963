/** Strategic merge patch: a merge patch that merges lists by their keys, with its `$patch` directives. */
import { isObject, isSame, type Json, type JsonObject } from './json.ts';
import { type ListType, listType } from './list-types.ts';

const DIRECTIVE = '$patch';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const RETAIN_KEYS = '$retainKeys';

export function strategicMerge(target: Json | undefined, patch: Json, path = ''): Json {
  if (!isObject(patch)) return structuredClone(patch);
  if (patch[DIRECTIVE] === 'delete') return {};
  const { [DIRECTIVE]: directive, [RETAIN_KEYS]: retained, ...fields } = patch;
  const base = isObject(target) && directive !== 'replace' ? target : {};
  const merged: JsonObject = Array.isArray(retained)
    ? Object.fromEntries(Object.entries(base).filter(([field]) => retained.includes(field)))
    : { ...base };
  for (const [field, value] of Object.entries(fields)) mergeField(merged, field, value, path);
  return merged;
}

function mergeField(merged: JsonObject, field: string, value: Json, path: string): void {
  if (field.startsWith(ORDER)) return;
  if (field.startsWith(DELETE_FROM)) {
    const name = field.slice(DELETE_FROM.length);
    const gone = Array.isArray(value) ? value : [];
    const list = merged[name];
    if (!Array.isArray(list)) return;
    const left = list.filter((item) => !contains(gone, item));
    if (left.length > 0) merged[name] = left;
    else delete merged[name];
    return;
  }
  const at = path === '' ? field : `${path}.${field}`;
  const type = Array.isArray(value) ? listType(at, false) : undefined;
  if (value === null) delete merged[field];
  else if (Array.isArray(value) && type?.mergeKey !== undefined)
    merged[field] = mergeList(merged[field], value, type, at);
  else merged[field] = strategicMerge(merged[field], value, at);
}

function contains(list: Json[], item: Json): boolean {
  return list.some((each) => isSame(each, item));
}

function mergeList(
  target: Json | undefined,
  patch: Json[],
  { mergeKey = '' }: ListType,
  path: string,
): Json[] {
  const replaces = patch.some((item) => isObject(item) && item[DIRECTIVE] === 'replace');
  const items = patch.filter((item) => !(isObject(item) && item[DIRECTIVE] === 'replace'));
  let merged: Json[] = Array.isArray(target) && !replaces ? [...target] : [];
  for (const item of items) {
    if (mergeKey === '' || !isObject(item)) {
      if (!contains(merged, item)) merged.push(structuredClone(item));
      continue;
    }
    const same = (each: Json) => isObject(each) && isSame(each[mergeKey], item[mergeKey]);
    if (item[DIRECTIVE] === 'delete') merged = merged.filter((each) => !same(each));
    else {
      const at = merged.findIndex(same);
      if (at < 0) merged.push(strategicMerge(undefined, item, path));
      else merged[at] = strategicMerge(merged[at], item, path);
    }
  }
  return merged;
}

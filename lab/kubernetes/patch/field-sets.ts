/**
 * Sets of fields, as server-side apply counts them: which paths an object has, and the `fieldsV1` form they
 * take in managedFields. A path is a list of elements `f:NAME`, `k:{KEYS}` or `v:VALUE`.
 */
import { isObject, type Json, type JsonObject } from './json.ts';
import { isAtomicMap, keyDefaults, type ListType, listType } from './list-types.ts';

/** Paths as JSON text, so that sets compare them. */
export type FieldSet = Set<string>;
export type Path = string[];

/** Identity, and what the server writes itself: nobody manages these. */
const unmanaged = new Set([
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.generateName',
  'metadata.uid',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'metadata.deletionGracePeriodSeconds',
  'metadata.selfLink',
  'metadata.managedFields',
]);

export function itemElement(item: Json, { keys }: ListType): string {
  if (keys.length === 0 || !isObject(item)) return `v:${JSON.stringify(item)}`;
  const identity = keys
    .map((key): [string, Json | undefined] => [key, item[key] ?? keyDefaults[key]])
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(identity))}`;
}

/** Every field an object sets. `plain` is the path without list elements, by which list types are found. */
export function fieldSetOf(object: JsonObject, custom: boolean): FieldSet {
  const set: FieldSet = new Set();

  function visit(value: Json, path: Path, plain: string): void {
    if (unmanaged.has(plain)) return;
    const type = Array.isArray(value) ? listType(plain, custom) : undefined;
    if (Array.isArray(value) && type !== undefined && value.length > 0) {
      for (const item of value) {
        const at = [...path, itemElement(item, type)];
        set.add(JSON.stringify(at));
        if (isObject(item)) visitFields(item, at, plain);
      }
    } else if (isObject(value) && Object.keys(value).length > 0 && !isAtomicMap(plain, custom))
      visitFields(value, path, plain);
    else set.add(JSON.stringify(path));
  }

  function visitFields(value: JsonObject, path: Path, plain: string): void {
    for (const [field, inner] of Object.entries(value))
      visit(inner, [...path, `f:${field}`], plain === '' ? field : `${plain}.${field}`);
  }

  visitFields(object, [], '');
  return set;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return new Set([...a, ...b]);
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return new Set([...a].filter((text) => !b.has(text)));
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return new Set([...a].filter((text) => b.has(text)));
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const root: JsonObject = {};
  // Sorted as a real server's, so that nobody takes the order of a list from here.
  for (const text of [...set].sort()) {
    const path = JSON.parse(text) as Path;
    let at = root;
    for (const element of path) {
      at[element] ??= {};
      at = at[element] as JsonObject;
    }
    if (path.at(-1)?.startsWith('k:')) at['.'] = {};
  }
  return root;
}

export function fromFieldsV1(fields: JsonObject): FieldSet {
  const set: FieldSet = new Set();
  function visit(at: JsonObject, path: Path): void {
    const inner = Object.entries(at).filter(([element]) => element !== '.');
    if (path.length > 0 && (inner.length === 0 || Object.hasOwn(at, '.'))) set.add(JSON.stringify(path));
    for (const [element, value] of inner) visit(value as JsonObject, [...path, element]);
  }
  visit(fields, []);
  return set;
}

/** The value at a path; undefined when it is not there. */
export function valueAt(object: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((at, element) => {
    const text = element.slice(2);
    if (element.startsWith('f:')) return isObject(at) ? at[text] : undefined;
    return Array.isArray(at) ? at.find((item) => isItem(item, element)) : undefined;
  }, object);
}

export function isItem(item: Json, element: string): boolean {
  const wanted = JSON.parse(element.slice(2)) as Json;
  if (element.startsWith('v:')) return JSON.stringify(item) === JSON.stringify(wanted);
  return (
    isObject(item) &&
    Object.entries(wanted as JsonObject).every(([key, value]) => (item[key] ?? keyDefaults[key]) === value)
  );
}

/** As messages show it: `.spec.template.spec.containers[name="hello"].image`. */
export function pathText(path: Path): string {
  return path
    .map((element) => {
      const text = element.slice(2);
      if (element.startsWith('f:')) return `.${text}`;
      if (element.startsWith('v:')) return `[=${text}]`;
      const keys = Object.entries(JSON.parse(text) as JsonObject);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

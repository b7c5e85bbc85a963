/** Whether a value of a type may stand where a kind's zod input expects one, before the value is known. */
import { z } from 'zod';
import type { Path } from './source.ts';
import type { CelType } from './types.ts';

interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
}

const jsonTypes: Record<string, string[]> = {
  int: ['integer', 'number'],
  double: ['number', 'integer'],
  string: ['string'],
  bool: ['boolean'],
  null: ['null'],
};

/** The JSON types accepted at a path, e.g. `['string']`; undefined when anything may stand there. */
export function acceptedAt(schema: z.ZodType, path: Path): string[] | undefined {
  let found: JsonSchema[];
  try {
    found = branches(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  } catch {
    return undefined;
  }
  for (const part of path) found = found.flatMap((one) => below(one, part)).flatMap(branches);
  const types = found.flatMap(typesOf);
  return types.length === 0 || types.includes('any') ? undefined : [...new Set(types)];
}

export function fits(type: CelType, accepted: string[] | undefined): boolean {
  if (accepted === undefined || type === 'dyn') return true;
  const given = typeof type === 'string' ? jsonTypes[type]! : 'list' in type ? ['array'] : ['object'];
  return given.some((one) => accepted.includes(one));
}

function branches(schema: JsonSchema): JsonSchema[] {
  const inner = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  return inner === undefined ? [schema] : inner.flatMap(branches);
}

function below(schema: JsonSchema, part: string | number): JsonSchema[] {
  if (typeof part === 'number') return schema.items === undefined ? [] : [schema.items];
  const { properties = {} } = schema;
  if (Object.hasOwn(properties, part)) return [properties[part]!];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

function typesOf(schema: JsonSchema): string[] {
  if (schema.type !== undefined) return [schema.type].flat();
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return values.length === 0 ? ['any'] : values.map((value) => (value === null ? 'null' : typeof value));
}

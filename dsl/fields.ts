/** The fields of a zod type, for people to read: the command line's `explain` and the docs say the same of them. */
import { z } from 'zod';
import { durationPattern } from './milliseconds.ts';

/** As much of JSON Schema as zod writes for our types. */
export interface Schema {
  type?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  description?: string;
  default?: unknown;
}

export interface Field {
  name: string;
  /** E.g. `duration`, `"evict" | "delete"`, `list of { pod: string }`. */
  type: string;
  required: boolean;
  description: string;
  /** As JSON; absent when there is none. */
  fallback?: string;
}

/** Of an object type; [] when it has none. */
export function fieldsOf(type: z.ZodType, io: 'input' | 'output'): Field[] {
  const schema = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Schema;
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    type: typeOf(field),
    required: schema.required?.includes(name) ?? false,
    description: field.description ?? '',
    ...(field.default !== undefined && { fallback: JSON.stringify(field.default) }),
  }));
}

/** In words, e.g. `list of { pod: string }`. */
export function typeOf(schema: Schema): string {
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return [...new Set(union.map(typeOf))].join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  if (schema.type === 'object') return objectType(schema);
  if (schema.type === 'string' && schema.pattern === durationPattern.source) return 'duration';
  if (schema.type === 'integer' || schema.type === 'number') return schema.type + bounds(schema);
  return schema.type ?? 'anything';
}

/** Zod bounds every integer by 2^53; only bounds that somebody wrote are worth reading. */
function bounds({ minimum, maximum }: Schema): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` ${low} to ${high}`;
  if (low !== undefined) return ` ≥ ${low}`;
  return high === undefined ? '' : ` ≤ ${high}`;
}

function objectType({ properties = {}, additionalProperties, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(field)}`,
  );
  if (fields.length > 0) return `{ ${fields.join(', ')} }`;
  return `map of ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'anything'}`;
}

/** Types of what expressions read, made from the kinds' zod outputs, and the check of an expression against them. */
import type { Environment } from '@marcbachmann/cel-js';
import { z } from 'zod';
import { type ExpressionFault, faultOf, language } from './expression.ts';

export type CelType =
  | 'int'
  | 'double'
  | 'string'
  | 'bool'
  | 'null'
  | 'dyn'
  | { list: CelType }
  | { map: CelType }
  | { fields: Record<string, CelType> };

interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
}

/** What a zod type gives; `dyn` where it is open. */
export function celTypeOf(schema: z.ZodType): CelType {
  try {
    return fromJsonSchema(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema);
  } catch {
    // A schema that JSON Schema cannot express is open to us.
    return 'dyn';
  }
}

function fromJsonSchema(schema: JsonSchema): CelType {
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return common(union.map(fromJsonSchema));
  if (schema.const !== undefined) return literalType(schema.const);
  if (schema.enum !== undefined) return common(schema.enum.map(literalType));
  switch (schema.type) {
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'null':
      return 'null';
    case 'array':
      return { list: schema.items === undefined ? 'dyn' : fromJsonSchema(schema.items) };
    case 'object':
      return objectType(schema);
    default:
      return 'dyn';
  }
}

function objectType({ properties = {}, additionalProperties }: JsonSchema): CelType {
  const fields = Object.entries(properties);
  const open = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  if (fields.length === 0) return { map: open === undefined ? 'dyn' : fromJsonSchema(open) };
  if (open !== undefined) return { map: 'dyn' };
  return { fields: Object.fromEntries(fields.map(([name, field]) => [name, fromJsonSchema(field)])) };
}

function literalType(value: unknown): CelType {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'bool' : 'dyn';
}

/** The one type of all, or `dyn`. */
export function common(types: CelType[]): CelType {
  const [first] = types;
  if (first === undefined) return 'dyn';
  return types.every((type) => JSON.stringify(type) === JSON.stringify(first)) ? first : 'dyn';
}

/** The type of a value that is known. */
export function typeOfValue(value: unknown): CelType {
  if (Array.isArray(value)) return { list: common(value.map(typeOfValue)) };
  if (value === null || typeof value !== 'object') return literalType(value);
  const fields = Object.entries(value).map(([name, one]) => [name, typeOfValue(one)] as const);
  return fields.length === 0 ? { map: 'dyn' } : { fields: Object.fromEntries(fields) };
}

/** Paths of the doubles in a type, `*` for any item or key. */
export function doublesIn(type: CelType, path: string[]): string[][] {
  if (type === 'double') return [path];
  if (typeof type === 'string') return [];
  if ('list' in type) return doublesIn(type.list, [...path, '*']);
  if ('map' in type) return doublesIn(type.map, [...path, '*']);
  return Object.entries(type.fields).flatMap(([name, field]) => doublesIn(field, [...path, name]));
}

export function outcome(output: CelType): CelType {
  return { fields: { status: 'string', output } };
}

/** What `window()` gives; the fields of `Window`. */
const windowType: CelType = {
  fields: {
    requests: 'int',
    ok: 'int',
    failed: 'int',
    availability: 'double',
    routed: { map: 'double' },
    served: { map: 'double' },
    unattributed: 'int',
  },
};

/** Names of the types declared in one environment, so that a result's name leads back to its type. */
type Declared = Map<string, CelType>;

function declare(environment: Environment, type: CelType, name: string, declared: Declared): string {
  if (typeof type === 'string') return type === 'null' ? 'dyn' : type;
  if ('list' in type) return `list<${declare(environment, type.list, `${name}_item`, declared)}>`;
  if ('map' in type) return `map<string, ${declare(environment, type.map, `${name}_value`, declared)}>`;
  const schema = Object.fromEntries(
    Object.entries(type.fields).map(([field, of]) => [
      field,
      declare(environment, of, `${name}_${field.replaceAll(/\W/g, '_')}`, declared),
    ]),
  );
  environment.registerType({ name, schema });
  // A skipped step's output is null, and may be asked for that.
  environment.registerOperator(`${name} == null`, (value) => value === null);
  declared.set(name, type);
  return name;
}

/** The type of an expression over these variables, or what is wrong with it. */
export function checkExpression(
  cel: string,
  variables: Record<string, CelType>,
): { type: CelType } | { fault: ExpressionFault } {
  const environment = language.clone();
  const declared: Declared = new Map();
  for (const [name, type] of Object.entries(variables))
    environment.registerVariable(name, declare(environment, type, name, declared));
  const window = declare(environment, windowType, 'traffic_window', declared);
  environment.registerFunction(`window(string, string): ${window}`, () => null);
  const checked = environment.check(cel);
  if (!checked.valid) return { fault: faultOf(checked.error) };
  return { type: named(checked.type ?? 'dyn', declared) };
}

function named(text: string, declared: Declared): CelType {
  const list = /^list<(.*)>$/.exec(text);
  if (list !== null) return { list: named(list[1]!, declared) };
  const map = /^map<[^,]*, (.*)>$/.exec(text);
  if (map !== null) return { map: named(map[1]!, declared) };
  if (text === 'list') return { list: 'dyn' };
  if (text === 'map') return { map: 'dyn' };
  const simple = (['int', 'double', 'string', 'bool', 'null'] as const).find((one) => one === text);
  return simple ?? declared.get(text) ?? 'dyn';
}

/** For people. */
export function typeText(type: CelType): string {
  if (type === 'int') return 'a whole number';
  if (type === 'double') return 'a number';
  if (type === 'string') return 'text';
  if (type === 'bool') return 'true or false';
  if (type === 'dyn') return 'any value';
  if (type === 'null') return 'null';
  if ('list' in type) return 'a list';
  return 'map' in type ? 'a map' : `fields (${Object.keys(type.fields).join(', ')})`;
}

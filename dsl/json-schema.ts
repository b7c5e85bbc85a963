/** The JSON Schema of a runbook, with every kind of a catalogue, for editors to complete and check with. */
import { z } from 'zod';
import type { Catalogue, KindDescription } from './kind.ts';
import { input, runbook, type ShapeName, shapeNames, shapes } from './schema.ts';

type Schema = { [key: string]: unknown };

const expression = { type: 'string', pattern: '\\$\\{\\{', description: 'An expression: ${{ CEL }}' };
const manifests = {
  description: 'Manifest files or folders, relative to the runbook',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
};
const block = { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } };

export function jsonSchema(catalogue: Catalogue): Schema {
  const top = plain(runbook);
  const sections = Object.fromEntries(['setup', 'verify', 'steps', 'recover'].map((name) => [name, block]));
  const inputs = { type: 'object', additionalProperties: plain(input) };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Firedrill runbook',
    ...top,
    properties: { ...(top['properties'] as Schema), inputs, ...sections },
    $defs: {
      step: { anyOf: [...[...catalogue.values()].map(usesSchema), ...otherShapes()] },
    },
  };
}

/** Types that contain themselves (any JSON) are left open: a reference would not survive being moved. */
function plain(type: z.ZodType): Schema {
  const {
    $schema: _,
    definitions: __,
    ...schema
  } = z.toJSONSchema(type, {
    io: 'input',
    target: 'draft-07',
    unrepresentable: 'any',
  }) as Schema;
  return opened(schema) as Schema;
}

function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened);
  if (schema === null || typeof schema !== 'object') return schema;
  if ('$ref' in schema) return {};
  return Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, opened(one)]));
}

/** A step of one kind; its `with` is the kind's own input, where any value may be an expression. */
function usesSchema(kind: KindDescription): Schema {
  const step = shapeSchema('uses');
  const own = withExpressions(plain(kind.input)) as Schema;
  const properties = { ...(own['properties'] as Schema | undefined) };
  for (const key of kind.manifests) properties[key] = manifests;
  const { required = [], ...rest } = own as { required?: string[] };
  return {
    ...step,
    title: kind.name,
    description: kind.summary,
    required: required.length > 0 ? ['uses', 'with'] : ['uses'],
    properties: {
      ...(step['properties'] as Schema),
      uses: { const: kind.name, description: `${kind.summary}\n\n${kind.doc}` },
      with: { ...rest, properties, ...(required.length > 0 && { required }) },
    },
  };
}

const otherShapes = () => shapeNames.filter((name) => name !== 'uses').map(shapeSchema);

function shapeSchema(name: ShapeName): Schema {
  const schema = plain(shapes[name]);
  const properties = { ...(schema['properties'] as Schema) };
  if (name === 'parallel') properties['parallel'] = block;
  if (name === 'steps') properties['steps'] = block;
  if (name === 'uses') properties['undo'] = { anyOf: [{ const: 'none' }, block] };
  for (const field of ['timeout', 'name']) {
    const own = properties[field];
    if (own !== undefined) properties[field] = { anyOf: [own, expression] };
  }
  return { ...schema, properties };
}

/** Allows an expression wherever a value stands. */
function withExpressions(schema: unknown): unknown {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return schema;
  const own = schema as Schema;
  const each = (value: unknown) =>
    Object.fromEntries(
      Object.entries(value as Schema).map(([name, one]) => [name, orExpression(withExpressions(one))]),
    );
  const changed: Schema = { ...own };
  if (own['properties'] !== undefined) changed['properties'] = each(own['properties']);
  if (typeof own['additionalProperties'] === 'object')
    changed['additionalProperties'] = orExpression(withExpressions(own['additionalProperties']));
  if (own['items'] !== undefined) changed['items'] = orExpression(withExpressions(own['items']));
  if (Array.isArray(own['anyOf'])) changed['anyOf'] = own['anyOf'].map(withExpressions);
  return changed;
}

/** Descriptions stay outside, where editors look for them. */
function orExpression(schema: unknown): unknown {
  const { description, default: fallback, ...own } = schema as Schema;
  if (Object.keys(own).length === 0) return schema;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [own, expression],
  };
}

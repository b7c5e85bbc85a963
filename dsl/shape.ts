/** Which of the six shapes a step has, and its fields: settled where they must be known, and right by themselves. */
import { type Compilation, report, type Unit } from './compilation.ts';
import type { Frame } from './frame.ts';
import { findings } from './issue.ts';
import { nearest } from './nearest.ts';
import type { Json } from './plan.ts';
import { shown } from './problem.ts';
import { type ShapeName, shapeNames, shapes } from './schema.ts';
import type { Path } from './source.ts';
import { knownValue } from './template.ts';

type Fields = { [key: string]: Json };

/** Fields that are compiled where they are used; every other one must be known before the run. */
const later = new Set([
  'with',
  'if',
  'assert',
  'for-each',
  'parallel',
  'steps',
  'undo',
  'approval',
  'uses',
  'id',
]);
export interface ReadShape {
  shape: ShapeName;
  fields: Fields;
  /** It has a `for-each`, be it right or wrong. */
  loops: boolean;
}

/** Undefined when the text has no shape that could be built; why was reported. */
export function readShape(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  item: Json,
): ReadShape | undefined {
  const shape = shapeOf(compilation, unit, path, item);
  if (shape === undefined) return undefined;
  const fields = item as Fields;
  const known = settleFields(compilation, unit, path, frame, fields);
  const parsed = shapes[shape].safeParse(known);
  if (!parsed.success) complainShape(compilation, unit, path, shape, known, parsed.error.issues);
  // A field in the wrong shape does not hide what is wrong with the others.
  const right = (parsed.success ? parsed.data : salvage(shape, known)) as Fields;
  return { shape, fields: right, loops: shape !== 'undo' && fields['for-each'] !== undefined };
}

function shapeOf(compilation: Compilation, unit: Unit, path: Path, item: Json): ShapeName | undefined {
  const fields = item !== null && typeof item === 'object' && !Array.isArray(item) ? item : undefined;
  const shape = fields && shapeNames.find((name) => name in fields);
  if (shape !== undefined) return shape;
  const near = fields === undefined ? [] : Object.keys(fields).flatMap((key) => nearest(key, shapeNames));
  report(compilation, unit, path, {
    code: 'FD1104',
    what: 'this is no step',
    found: fields === undefined ? shown(item) : `fields ${Object.keys(fields).join(', ')}`,
    expected: `one of the fields ${shapeNames.join(', ')}`,
    nearest: [...new Set(near)],
    remedy: "Say what it does, e.g. 'uses: traffic/sample'",
  });
  return undefined;
}

/** Fields that must be known, with their expressions evaluated; those with a problem are left out. */
function settleFields(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  fields: Fields,
): Fields {
  const settled: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    const known = later.has(key) ? value : knownValue(compilation, unit, [...path, key], frame, value);
    if (known !== undefined) settled[key] = known;
  }
  return settled;
}

function complainShape(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  shape: ShapeName,
  value: Json,
  issues: Parameters<typeof findings>[2],
): void {
  for (const { path: inner, atKey, complaint } of findings(
    shapes[shape],
    value,
    issues,
    'Write what is expected',
  ))
    report(compilation, unit, [...path, ...inner], complaint, { key: atKey });
}

/** The fields that are right by themselves, so that checking goes on. */
function salvage(shape: ShapeName, fields: Fields): Fields {
  const known: Record<string, { safeParse(value: unknown): { success: boolean } }> = shapes[shape].shape;
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([key, value]) => Object.hasOwn(known, key) && known[key]!.safeParse(value).success,
    ),
  );
}

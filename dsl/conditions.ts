/** Bare expressions: the conditions of `if` and `assert`, the items of `for-each`. */
import { type Compilation, report, type Unit } from './compilation.ts';
import { type Compiled, compileExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Cel, Json, Place } from './plan.ts';
import type { Path } from './source.ts';
import { knownValue } from './template.ts';
import { type CelType, typeOfValue, typeText } from './types.ts';

export interface Condition {
  cel: Cel;
  /** What it comes to, when nothing of the run is needed to tell. */
  known: boolean | undefined;
}

/** The condition in a field; undefined when it has a problem, which was reported. */
export function conditionOf(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  written: Json | undefined,
): Condition | undefined {
  if (written === undefined) return undefined;
  const text = String(written);
  const site = { unit, path, index: 0, reads: 'condition' } as const;
  const compiled = compileExpression(compilation, site, frame, text);
  if (compiled === undefined) return undefined;
  if (compiled.type !== 'bool' && compiled.type !== 'dyn') {
    complainType(compilation, unit, path, compiled, 'true or false');
    return undefined;
  }
  if (compiled.cel !== undefined) return { cel: compiled.cel, known: undefined };
  const cel: Cel = { cel: text.trim(), at: unit.source.inside(path, 0), windows: [] };
  if (unit !== compilation.main) cel.inputs = unit.inputs;
  return { cel, known: compiled.value === true };
}

/** Stands where an expression has a problem, which was reported: no Plan comes of it. */
export const falseAt = (at: Place): Cel => ({ cel: 'false', at, windows: [] });

/** The items when they are known, else the expression for them; and the type of one. */
export function itemsOf(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  written: Json | undefined,
): { items: Json[] | Cel; type: CelType } | undefined {
  if (written === undefined) return undefined;
  const at = [...path, 'for-each'];
  if (Array.isArray(written)) {
    const known = knownValue(compilation, unit, at, frame, written) as Json[] | undefined;
    return known && { items: known, type: itemType({ list: 'dyn' }, known) };
  }
  const site = { unit, path: at, index: 0, reads: 'step' } as const;
  const compiled = compileExpression(compilation, site, frame, String(written));
  if (compiled === undefined) return undefined;
  const list = typeof compiled.type === 'object' && 'list' in compiled.type;
  if (!list && compiled.type !== 'dyn') {
    complainType(compilation, unit, at, compiled, 'a list');
    return undefined;
  }
  if (compiled.cel !== undefined) return { items: compiled.cel, type: itemType(compiled.type, undefined) };
  if (!Array.isArray(compiled.value)) return undefined;
  return { items: compiled.value, type: itemType(compiled.type, compiled.value) };
}

function itemType(list: CelType, items: Json[] | undefined): CelType {
  const declared = typeof list === 'object' && 'list' in list ? list.list : 'dyn';
  if (declared !== 'dyn' || items === undefined) return declared;
  const actual = typeOfValue(items);
  return typeof actual === 'object' && 'list' in actual ? actual.list : 'dyn';
}

function complainType(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  { type }: Compiled,
  expected: string,
): void {
  report(compilation, unit, path, {
    code: 'FD1302',
    what: `the expression does not give ${expected}`,
    found: typeText(type),
    expected,
    remedy: `Write an expression that gives ${expected}`,
  });
}

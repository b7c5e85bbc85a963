/** `with` of a step: manifests read, expressions compiled, everything that is known shown to the kind's zod type. */
import { type Compilation, isBelow, report, type Unit } from './compilation.ts';
import { fill, fleetScope } from './evaluate.ts';
import { acceptedAt, fits } from './fits.ts';
import type { Frame } from './frame.ts';
import { findings } from './issue.ts';
import type { KindDescription } from './kind.ts';
import { readManifests } from './manifests.ts';
import type { Json, Template } from './plan.ts';
import type { Path } from './source.ts';
import { compileTemplate, type Hole } from './template.ts';
import { typeText } from './types.ts';

export interface StepInput {
  with: Template;
  /** As zod gave them, one an item of the loop; undefined when wrong, or when only a run knows them. */
  inputs: unknown[] | undefined;
  /** Only a run knows them. */
  open: boolean;
}

export function compileInput(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  frame: Frame,
  kind: KindDescription,
  written: { [key: string]: Json },
  skipped: boolean,
): StepInput {
  const site = { unit, path, reads: 'step' } as const;
  const { template, holes, filled, spoilt } = compileTemplate(compilation, site, frame, written);
  const input = template as { [key: string]: Template };
  const unreadable = applyManifests(compilation, unit, path, kind, input, holes, spoilt);
  const unfit = checkHoles(compilation, unit, path, kind, holes);
  const wrong = [...spoilt, ...unreadable, ...unfit];
  const values = knownValues(compilation, unit, frame, input, holes);
  if (wrong.length === 0 && !skipped && values !== undefined)
    return { with: input, inputs: parseAll(compilation, unit, path, kind, values), open: false };
  // A step that is never run may have values that it would not run with; what is written out must be right.
  const unknown = [...wrong, ...holes.map((hole) => hole.path), ...(skipped ? filled : [])];
  checkAround(compilation, unit, path, kind, input, unknown);
  return { with: input, inputs: undefined, open: wrong.length === 0 && !skipped };
}

/** Replaces names of manifest files by the objects in them. Gives the keys that could not be read. */
function applyManifests(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  kind: KindDescription,
  input: { [key: string]: Template },
  holes: Hole[],
  spoilt: Path[],
): Path[] {
  return kind.manifests.flatMap((key): Path[] => {
    const value = input[key];
    if (value === undefined || spoilt.some((one) => one[0] === key)) return [];
    if (!holes.some((hole) => hole.path[0] === key)) {
      const objects = readManifests(compilation, unit, [...path, key], value as Json);
      if (objects !== undefined) input[key] = objects;
      return objects === undefined ? [[key]] : [];
    }
    report(compilation, unit, [...path, key], {
      code: 'FD1304',
      what: 'manifests are read when the runbook is compiled',
      found: 'a value that only the run knows',
      expected: 'inputs and fleet only',
      remedy: 'Name the files without steps and item',
    });
    return [[key]];
  });
}

/** The input once an item; undefined when steps decide about it, or the items. */
function knownValues(
  compilation: Compilation,
  unit: Unit,
  frame: Frame,
  input: Template,
  holes: Hole[],
): Json[] | undefined {
  if (holes.length === 0) return [input as Json];
  const items = frame.item?.values;
  if (items === undefined || !holes.every((hole) => hole.itemOnly)) return undefined;
  const scope = {
    inputs: unit.inputs,
    fleet: fleetScope(compilation.options.fleet),
    steps: {},
    window: () => {
      throw new RangeError('no traffic yet');
    },
  };
  try {
    return items.map((item) => fill(input, { ...scope, item }));
  } catch {
    // An item without the field: its own step fails, as the author may intend with has().
    return undefined;
  }
}

/** Gives the places whose expressions have a type that the kind does not take. */
function checkHoles(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  kind: KindDescription,
  holes: Hole[],
): Path[] {
  return holes.flatMap((hole): Path[] => {
    const accepted = acceptedAt(kind.input, hole.path);
    if (fits(hole.type, accepted)) return [];
    report(compilation, unit, [...path, ...hole.path], {
      code: 'FD1402',
      what: `the expression gives what ${kind.name} does not take here`,
      found: typeText(hole.type),
      expected: accepted!.join(' or '),
      remedy: `See 'npx firedrill explain ${kind.name}'`,
    });
    return [hole.path];
  });
}

/** Everything but what only a run knows. */
function checkAround(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  kind: KindDescription,
  input: Template,
  unknown: Path[],
): void {
  const parsed = kind.input.safeParse(input);
  if (parsed.success) return;
  const open = (at: Path) => unknown.some((path) => isBelow(at, path) || isBelow(path, at));
  const issues = parsed.error.issues.filter(
    (issue) => issue.code === 'unrecognized_keys' || !open(issue.path as Path),
  );
  complain(compilation, unit, path, kind, input, issues);
}

function parseAll(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  kind: KindDescription,
  values: Json[],
): unknown[] | undefined {
  const inputs: unknown[] = [];
  for (const value of values) {
    const parsed = kind.input.safeParse(value);
    if (!parsed.success) {
      complain(compilation, unit, path, kind, value, parsed.error.issues);
      continue;
    }
    const problems = kind.check?.(parsed.data, compilation.options.fleet) ?? [];
    if (problems.length === 0) inputs.push(parsed.data);
    for (const problem of problems)
      report(compilation, unit, [...path, ...problem.path], {
        code: problem.code ?? 'FD1403',
        what: `${kind.name} cannot work with this input`,
        found: problem.found,
        expected: problem.expected,
        ...(problem.nearest !== undefined && { nearest: problem.nearest }),
        remedy: problem.remedy,
      });
  }
  return inputs.length === values.length ? inputs : undefined;
}

function complain(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  kind: KindDescription,
  value: unknown,
  issues: Parameters<typeof findings>[2],
): void {
  const remedy = `See 'npx firedrill explain ${kind.name}'`;
  for (const { path: inner, atKey, complaint } of findings(kind.input, value, issues, remedy))
    report(compilation, unit, [...path, ...inner], { ...complaint, code: 'FD1402' }, { key: atKey });
}

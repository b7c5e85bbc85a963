/** Reads one runbook's text: its shape, its inputs, its ids. */
import { type Compilation, isBelow, report, type Unit } from './compilation.ts';
import { emptyFrame } from './frame.ts';
import { type Given, resolveInputs } from './inputs.ts';
import { findings } from './issue.ts';
import type { Json } from './plan.ts';
import { sections } from './plan.ts';
import { shown } from './problem.ts';
import { collectIds } from './rules/ids.ts';
import { runbook } from './schema.ts';
import { type Path, parseSource, type Source } from './source.ts';
import { knownValue } from './template.ts';

export interface ReadUnit {
  unit: Unit;
  /** The text with expressions evaluated everywhere but in inputs and blocks of steps; wrong fields left out. */
  fields: { [key: string]: Json };
}

/** Parses a text; undefined when it has no structure to go into. */
export function openSource(
  compilation: Pick<Compilation, 'problems'>,
  file: string,
  text: string,
): Source | undefined {
  const { source, problems } = parseSource(file, text);
  compilation.problems.push(...problems);
  if (source === undefined) return undefined;
  if (source.value !== null && typeof source.value === 'object' && !Array.isArray(source.value))
    return source;
  compilation.problems.push(
    source.problem(source.at([]), {
      code: 'FD1007',
      what: 'the file is no runbook',
      found: source.value === null ? 'nothing' : shown(source.value),
      expected: 'fields such as name and steps',
      remedy: "Begin with 'name: my-drill' and 'steps:'",
    }),
  );
  return undefined;
}

export function emptyUnit(source: Source, scope: string): Unit {
  return { source, scope, inputs: {}, inputTypes: {}, ids: new Map() };
}

/** Fills the unit and checks the shape of everything but the steps themselves. */
export function readUnit(compilation: Compilation, unit: Unit, given: Given): ReadUnit {
  const written = unit.source.value as { [key: string]: Json };
  resolveInputs(compilation, unit, written['inputs'], given);
  collectIds(compilation, unit);
  const spoilt: Path[] = [];
  const wrong: Path[] = [];
  const fields: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(written)) {
    const block = (sections as readonly string[]).includes(key);
    const known =
      block || key === 'inputs' ? value : knownValue(compilation, unit, [key], emptyFrame(), value);
    if (known === undefined) spoilt.push([key]);
    fields[key] = known ?? null;
  }
  const parsed = runbook.safeParse(fields);
  if (!parsed.success)
    for (const finding of findings(runbook, fields, parsed.error.issues, 'Write what is expected')) {
      wrong.push(finding.path);
      if (!spoilt.some((path) => isBelow(finding.path, path)))
        report(compilation, unit, finding.path, finding.complaint, { key: finding.atKey });
    }
  requireSteps(compilation, unit, written);
  for (const [field] of [...spoilt, ...wrong]) if (field !== undefined) delete fields[field];
  return { unit, fields };
}

function requireSteps(compilation: Compilation, unit: Unit, written: { [key: string]: Json }): void {
  if (sections.some((section) => section in written)) return;
  report(compilation, unit, [], {
    code: 'FD1102',
    what: 'the runbook does nothing',
    found: 'no setup, verify, steps or recover',
    expected: 'at least one of them',
    remedy: "Add 'steps:' with a list of steps",
  });
}

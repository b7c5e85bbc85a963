/** Compiles one expression: what it reads, its type, and its value when nothing but a run's facts are missing. */
import { type Compilation, type ExpressionSite, report } from './compilation.ts';
import { EvaluationError, evaluate, fleetScope } from './evaluate.ts';
import { type References, referencesOf } from './expression.ts';
import type { Frame } from './frame.ts';
import { milliseconds } from './milliseconds.ts';
import { nearest } from './nearest.ts';
import type { Cel, Json } from './plan.ts';
import { shown } from './problem.ts';
import { checkReferences } from './rules/references.ts';
import { checkWindows } from './rules/windows.ts';
import { type CelType, checkExpression, doublesIn, typeText } from './types.ts';

/** Either the value, or an expression for the run; `itemOnly` when the loop's item is all that it lacks. */
export type Compiled =
  | { type: CelType; value: Json; cel?: undefined }
  | { type: CelType; cel: Cel; itemOnly: boolean };

/** Undefined when a problem was reported (or an input it needs has no value, which was). */
export function compileExpression(
  compilation: Compilation,
  site: ExpressionSite,
  frame: Frame,
  written: string,
): Compiled | undefined {
  const before = compilation.problems.length;
  const cel = written.trim();
  const start = site.index + written.length - written.trimStart().length;
  const at: ExpressionSite = { ...site, index: start };
  const read = referencesOf(cel);
  if ('fault' in read) {
    complainSyntax(compilation, at, cel, read.fault);
    return undefined;
  }
  const { references } = read;
  checkNames(compilation, at, references, frame);
  checkReferences(compilation, at, references, frame);
  checkWindows(compilation, at, references, frame);
  if (compilation.problems.length > before) return undefined;
  const type = checkTypes(compilation, at, cel, references, frame);
  const unset = references.inputs.some(({ name }) => !Object.hasOwn(site.unit.inputs, name));
  if (type === undefined || unset) return undefined;

  const compiled = celOf(compilation, at, cel, references, frame);
  const { steps, windows, item } = references;
  if (steps.length > 0 || windows.length > 0) return { type, cel: compiled, itemOnly: false };
  if (item !== undefined) return { type, cel: compiled, itemOnly: true };
  return evaluateNow(compilation, at, compiled, type);
}

function celOf(
  compilation: Compilation,
  site: ExpressionSite,
  cel: string,
  references: References,
  frame: Frame,
): Cel {
  const doubles = references.steps.flatMap(({ id }) =>
    doublesIn(frame.completed.get(id) ?? 'dyn', ['steps', id]),
  );
  if (references.item !== undefined && frame.item !== undefined)
    doubles.push(...doublesIn(frame.item.type, ['item']));
  const foreign = site.unit !== compilation.main && references.inputs.length > 0;
  return {
    cel,
    at: site.unit.source.inside(site.path, site.index),
    windows: references.windows.map(({ step, duration }) => ({ step: step!, ms: milliseconds(duration!) })),
    ...(doubles.length > 0 && { doubles }),
    ...(foreign && { inputs: site.unit.inputs }),
  };
}

function complainSyntax(
  compilation: Compilation,
  site: ExpressionSite,
  cel: string,
  fault: { offset: number; what: string },
): void {
  const { unit, path, index } = site;
  const dollar = cel.includes('${{');
  const cut = unit.source.commented(path);
  report(
    compilation,
    unit,
    path,
    {
      code: dollar ? 'FD1305' : 'FD1301',
      what: dollar ? 'this field takes a bare expression' : `not a CEL expression: ${lower(fault.what)}`,
      found: shown(cel),
      expected: 'CEL, e.g. inputs.victim == "aks1"',
      remedy: dollar
        ? `Write it without the braces: ${cel.replaceAll(/\$\{\{\s*|\s*\}\}/g, '')}`
        : cut
          ? 'YAML cut the expression at ` #`, which begins a comment: put the whole expression in quotes'
          : 'Correct the expression; texts need quotes inside it',
    },
    { index: index + (dollar ? 0 : fault.offset) },
  );
}

function checkNames(
  compilation: Compilation,
  site: ExpressionSite,
  references: References,
  frame: Frame,
): void {
  const { unit, path, index } = site;
  const complain = (offset: number, complaint: Parameters<typeof report>[3]) =>
    report(compilation, unit, path, complaint, { index: index + offset });
  for (const { name, offset } of references.refused)
    complain(offset, {
      code: 'FD1307',
      what: `expressions have no ${name}()`,
      found: `${name}(…)`,
      expected: 'values of the run',
      remedy: 'A Plan reads no clock and makes no bytes; use timeouts, drill/wait and window()',
    });
  for (const { root, offset } of references.bare)
    complain(offset, {
      code: 'FD1308',
      what: `'${root}' stands for no single value`,
      found: root,
      expected: `${root}.NAME`,
      remedy: `Name one: ${root}.NAME`,
    });
  for (const { name, offset } of references.inputs) {
    if (Object.hasOwn(unit.inputTypes, name)) continue;
    const names = Object.keys(unit.inputTypes);
    complain(offset, {
      code: 'FD1205',
      what: `there is no input '${name}'`,
      found: `inputs.${name}`,
      expected: names.length === 0 ? 'this runbook has no inputs' : names.join(', '),
      nearest: nearest(name, names),
      remedy: `Declare it under 'inputs', or correct the name`,
    });
  }
  if (references.item !== undefined && frame.item === undefined)
    complain(references.item.offset, {
      code: 'FD1309',
      what: "'item' stands for something only inside a for-each",
      found: 'item',
      expected: 'inputs, fleet or steps',
      remedy: 'Put the step in a for-each, or name the value',
    });
  if (site.reads === 'known') checkKnown(references, complain);
}

function checkKnown(
  references: References,
  complain: (offset: number, complaint: Parameters<typeof report>[3]) => void,
): void {
  const first = references.steps[0] ?? references.windows[0] ?? references.item;
  if (first === undefined) return;
  complain(first.offset, {
    code: 'FD1304',
    what: 'this must be known before the run begins',
    found: 'a value that only the run knows',
    expected: 'inputs and fleet only',
    remedy: 'Use inputs or fleet here',
  });
}

function checkTypes(
  compilation: Compilation,
  site: ExpressionSite,
  cel: string,
  references: References,
  frame: Frame,
): CelType | undefined {
  const { unit } = site;
  const steps = Object.fromEntries(references.steps.map(({ id }) => [id, frame.completed.get(id) ?? 'dyn']));
  const checked = checkExpression(cel, {
    inputs: fieldsOrMap(unit.inputTypes),
    fleet: {
      fields: {
        name: 'string',
        tier: 'string',
        production: 'bool',
        members: { list: 'string' },
        askable: { list: 'string' },
      },
    },
    steps: fieldsOrMap(steps),
    ...(frame.item !== undefined && { item: frame.item.type }),
  });
  if ('type' in checked) return checked.type;
  const { what, offset } = checked.fault;
  const name = /(?:No such key|Unknown variable): (\w+)/.exec(what)?.[1];
  report(
    compilation,
    unit,
    site.path,
    {
      code: 'FD1302',
      what: `the expression does not fit its values: ${lower(what)}`,
      found: shown(cel),
      expected: 'values of matching types',
      nearest: name === undefined ? [] : nearest(name, namesIn(steps)),
      remedy: name === undefined ? 'Compare and combine values of one type' : 'Correct the name',
    },
    { index: site.index + offset },
  );
  return undefined;
}

function fieldsOrMap(fields: Record<string, CelType>): CelType {
  return Object.keys(fields).length === 0 ? { map: 'dyn' } : { fields };
}

/** Every field name in the outputs at hand. */
function namesIn(fields: Record<string, CelType>): string[] {
  const names = (type: CelType): string[] => {
    if (typeof type === 'string') return [];
    if ('list' in type) return names(type.list);
    if ('map' in type) return names(type.map);
    return Object.entries(type.fields).flatMap(([name, field]) => [name, ...names(field)]);
  };
  return ['inputs', 'fleet', 'steps', 'item', 'window', 'members', 'production', 'tier', 'name'].concat(
    names({ fields }),
  );
}

function evaluateNow(
  compilation: Compilation,
  site: ExpressionSite,
  cel: Cel,
  type: CelType,
): Compiled | undefined {
  try {
    const value = evaluate(cel, {
      inputs: site.unit.inputs,
      fleet: fleetScope(compilation.options.fleet),
      steps: {},
      window: () => {
        throw new RangeError('no traffic yet');
      },
    });
    return { type, value };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    compilation.problems.push(
      site.unit.source.problem(error.place, {
        code: 'FD1303',
        what: `the expression cannot be evaluated: ${lower(error.message.replace(/^.*?:\d+:\d+: /, '').replace(/, in: [\s\S]*$/, ''))}`,
        found: shown(cel.cel),
        expected: typeText(type),
        remedy: 'Correct the expression or the inputs it reads',
      }),
    );
    return undefined;
  }
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/**
 * Text → Plan. Reads nothing but what `read` and `list` give, touches nothing, and finds every problem it can in
 * one go: a mistake hides only what depends on it.
 */
import { boundsOf } from './bounds.ts';
import { planHash, sha256 } from './canonical.ts';
import type { Compilation, CompileOptions, Unit } from './compilation.ts';
import { emptyFrame, type Frame, fork } from './frame.ts';
import { guardOf, objectiveOf } from './goals.ts';
import { buildOne } from './nodes.ts';
import { type Json, LANGUAGE, type Node, type Plan, sections, walk } from './plan.ts';
import { inOrder, type Problem } from './problem.ts';
import { victimOf } from './rules/fault.ts';
import { rules } from './rules/index.ts';
import { inlineNeeds } from './rules/needs.ts';
import { checkPlanSize } from './rules/plan-size.ts';
import { emptyUnit, openSource, readUnit } from './unit.ts';

export type { CompileOptions } from './compilation.ts';

/** The Plan is there when no problem is an error. Never throws for what is in the texts. */
export function compile(options: CompileOptions): { plan?: Plan; problems: Problem[] } {
  const problems: Problem[] = [];
  const source = openSource({ problems }, options.file, options.text);
  if (source === undefined) return { problems: inOrder(problems) };
  const main = emptyUnit(source, '');
  const compilation: Compilation = {
    options,
    problems,
    origins: new Map(),
    sections: { setup: [], verify: [], steps: [], recover: [] },
    main,
    guard: { survivorCapacity: false, blackout: [] },
  };
  const { fields } = readUnit(compilation, main, {
    values: options.inputs,
    texts: true,
    unit: main,
    path: () => undefined,
  });
  const objective = objectiveOf(fields['objective']);
  if (objective !== undefined) compilation.objective = objective;
  compilation.guard = guardOf(fields['guard']);
  buildSections(compilation, main, fields);
  for (const rule of rules) rule(compilation);
  const plan = problems.some(({ severity }) => severity === 'error')
    ? undefined
    : planOf(compilation, fields);
  if (plan !== undefined) checkPlanSize(compilation, plan);
  const errors = problems.some(({ severity }) => severity === 'error');
  return { ...(plan !== undefined && !errors && { plan }), problems: inOrder(problems) };
}

function buildSections(compilation: Compilation, main: Unit, fields: { [key: string]: Json }): void {
  const name = typeof fields['name'] === 'string' ? fields['name'] : '';
  const needed = inlineNeeds(compilation, main, fields['needs'], [name]);
  compilation.sections.setup.push(...needed.setup);
  compilation.sections.verify.push(...needed.verify);
  const frame = emptyFrame();
  let afterVerify = frame;
  let beforeFault: Frame | undefined;
  for (const section of sections) {
    if (section === 'steps') afterVerify = fork(frame);
    // Recovery also runs when the exercise broke off: it may read only what was complete before the fault began.
    if (section === 'recover') frame.completed = (beforeFault ?? afterVerify).completed;
    const block = fields[section];
    for (const [index, item] of (Array.isArray(block) ? block : []).entries()) {
      const before = fork(frame);
      const site = { unit: main, section, within: [], skipped: false, prefix: section, parent: section };
      const node = buildOne(compilation, site, frame, [section, index], item);
      if (node === undefined) continue;
      compilation.sections[section].push(node);
      if (section === 'steps' && holdsFault(node)) beforeFault ??= before;
    }
  }
}

const holdsFault = (node: Node) => [...walk([node])].some((one) => one.type === 'step' && one.fault);

function planOf(compilation: Compilation, fields: { [key: string]: Json }): Plan {
  const { options, objective, guard, main } = compilation;
  const victim = victimOf(compilation);
  const body = {
    language: LANGUAGE,
    runbook: {
      name: String(fields['name']),
      ...(typeof fields['title'] === 'string' && { description: fields['title'] }),
      file: options.file,
      sha256: sha256(options.text),
    },
    fleet: options.fleet,
    inputs: main.inputs,
    ...(objective !== undefined && { objective }),
    sections: compilation.sections,
    guard,
    ...(victim !== undefined && { victim }),
    bounds: boundsOf(compilation.sections, Object.keys(options.fleet.members).length).total,
  };
  return { ...body, hash: planHash(body) };
}

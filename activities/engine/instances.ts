/** The step instances of a Plan that are known before it runs: loops over written lists are unrolled. */
import { fill, type Scope } from '../../dsl/evaluate.ts';
import { type Json, type Node, type Plan, type Section, type Step, sections } from '../../dsl/plan.ts';

export interface Instance {
  section: Section;
  step: Step;
  path: string;
  /** Absent when it depends on what only the run can know. */
  input?: Json;
}

export function instancesOf(plan: Plan): Instance[] {
  return sections.flatMap((section) => [...unroll(plan, section, plan.sections[section], '', undefined)]);
}

function* unroll(
  plan: Plan,
  section: Section,
  nodes: Node[],
  suffix: string,
  item: Json | undefined,
): Generator<Instance> {
  for (const node of nodes) {
    if (node.type === 'step') {
      yield instance(plan, section, node, suffix, item);
      if (Array.isArray(node.undo)) yield* unroll(plan, section, node.undo, suffix, item);
    } else if (node.type === 'parallel') yield* unroll(plan, section, node.branches, suffix, item);
    else if (node.type === 'group') yield* unroll(plan, section, node.body, suffix, item);
    else if (node.type === 'for-each') {
      const items = Array.isArray(node.items) ? node.items : [undefined];
      for (const [index, one] of items.entries())
        yield* unroll(plan, section, [node.body], `${suffix}[${index}]`, one);
    }
  }
}

function instance(
  plan: Plan,
  section: Section,
  step: Step,
  suffix: string,
  item: Json | undefined,
): Instance {
  const path = step.path + suffix;
  try {
    return { section, step, path, input: fill(step.with, scopeBefore(plan, item)) };
  } catch {
    return { section, step, path };
  }
}

/** What an expression can see before anything has run. */
function scopeBefore(plan: Plan, item: Json | undefined): Scope {
  return {
    inputs: plan.inputs,
    fleet: {
      name: plan.fleet.name,
      tier: plan.fleet.tier,
      production: plan.fleet.production,
      members: Object.keys(plan.fleet.members),
    },
    steps: {},
    ...(item !== undefined && { item }),
    window: () => {
      throw new Error('no traffic before the run');
    },
  };
}

/** The steps of a Plan as far as they are known before it runs: loops over known lists are unrolled. */
import { evaluate, fill, fleetScope, type Scope } from './evaluate.ts';
import { type Cel, type Json, type Node, type Plan, type Section, type Step, sections } from './plan.ts';

export interface Instance {
  section: Section;
  step: Step;
  /** With the item's index, e.g. `setup.joined[2]`; without when only the run knows the items. */
  path: string;
  /** Absent when only the run knows it. */
  input?: Json;
  /** The condition that is false whatever the run does. */
  skippedBy?: string;
}

interface Place {
  section: Section;
  suffix: string;
  item?: Json;
  skippedBy?: string;
}

export function instancesOf(plan: Plan): Instance[] {
  return sections.flatMap((section) => unroll(plan, plan.sections[section], { section, suffix: '' }));
}

function unroll(plan: Plan, nodes: Node[], around: Place): Instance[] {
  return nodes.flatMap((node) => {
    const scope = scopeBefore(plan, around.item);
    const never = node.if !== undefined && neverHolds(node.if, scope) ? node.if.cel : undefined;
    const skippedBy = around.skippedBy ?? never;
    const place: Place = skippedBy === undefined ? around : { ...around, skippedBy };
    switch (node.type) {
      case 'step':
        return [
          instance(node, place, scope),
          ...(Array.isArray(node.undo) ? unroll(plan, node.undo, place) : []),
        ];
      case 'parallel':
        return unroll(plan, node.branches, place);
      case 'group':
        return unroll(plan, node.body, place);
      case 'for-each':
        return unrollLoop(plan, node, place);
      default:
        return [];
    }
  });
}

function unrollLoop(
  plan: Plan,
  { items, body }: Extract<Node, { type: 'for-each' }>,
  place: Place,
): Instance[] {
  if (!Array.isArray(items)) return unroll(plan, [body], withoutItem(place));
  return items.flatMap((item, index) =>
    unroll(plan, [body], { ...place, suffix: `${place.suffix}[${index}]`, item }),
  );
}

function withoutItem({ item: _, ...place }: Place): Place {
  return place;
}

function instance(step: Step, { section, suffix, skippedBy }: Place, scope: Scope): Instance {
  const known = { section, step, path: step.path + suffix, ...(skippedBy !== undefined && { skippedBy }) };
  try {
    return { ...known, input: fill(step.with, scope) };
  } catch {
    return known;
  }
}

function neverHolds(condition: Cel, scope: Scope): boolean {
  try {
    return evaluate(condition, scope) === false;
  } catch {
    return false;
  }
}

function scopeBefore(plan: Plan, item: Json | undefined): Scope {
  return {
    inputs: plan.inputs,
    fleet: fleetScope(plan.fleet),
    steps: {},
    ...(item !== undefined && { item }),
    window: () => {
      throw new RangeError('no traffic before the run');
    },
  };
}

/** Finds the node of a Plan that a path in the journal stands for. */
import { type Node, type Plan, type Section, sections, walk } from '../dsl/plan.ts';

export interface Placed {
  node: Node;
  section: Section;
}

export interface PlanIndex {
  find(path: string): Placed | undefined;
  /** The injected disaster, when the Plan has one. */
  fault?: Extract<Node, { type: 'step' }>;
}

export function planIndex(plan: Plan): PlanIndex {
  const placed = new Map<string, Placed>();
  for (const section of sections)
    for (const node of walk(plan.sections[section])) placed.set(node.path, { node, section });
  const fault = [...placed.values()]
    .map(({ node }) => node)
    .find((node) => node.type === 'step' && node.fault);
  return {
    find: (path) => placed.get(templateOf(path)),
    ...(fault?.type === 'step' && { fault }),
  };
}

/**
 * An instance and its template differ by the item's index (`setup.joined[2]`) and, when the steady state is
 * verified once more at the end, by a prefix (`final.verify.pods`).
 */
function templateOf(path: string): string {
  return path.replace(/\[\d+\]/g, '').replace(/^final\./, '');
}

/** Whether the steady state was verified once more after recovery. */
export function isFinal(path: string): boolean {
  return path.startsWith('final.');
}

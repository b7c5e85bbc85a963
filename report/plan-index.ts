/** Finds the node of a Plan that a path in the journal stands for. */
import { type Node, type Plan, type Section, sections } from '../dsl/plan.ts';

export interface Placed {
  node: Node;
  section: Section;
  /** Path of the innermost `parallel` or `for-each` around it: its members are undone together. */
  group?: string;
  /** It belongs to an author's own undo: it puts something back. */
  back?: true;
}

export interface PlanIndex {
  find(path: string): Placed | undefined;
  /** The injected disaster, when the Plan has one. */
  fault?: Extract<Node, { type: 'step' }>;
}

/** A Plan never changes, and every part of the report asks. */
const known = new WeakMap<Plan, PlanIndex>();

export function planIndex(plan: Plan): PlanIndex {
  let index = known.get(plan);
  if (index === undefined) {
    index = build(plan);
    known.set(plan, index);
  }
  return index;
}

function build(plan: Plan): PlanIndex {
  const all = sections.flatMap((section) => placed(plan.sections[section], { section }));
  const byPath = new Map(all.map((one) => [one.node.path, one]));
  const fault = all.map(({ node }) => node).find((node) => node.type === 'step' && node.fault);
  return {
    find: (path) => byPath.get(templateOf(path)),
    ...(fault?.type === 'step' && { fault }),
  };
}

function placed(nodes: Node[], around: Omit<Placed, 'node'>): Placed[] {
  return nodes.flatMap((node) => [{ node, ...around }, ...placed(inside(node), within(node, around))]);
}

function within(node: Node, around: Omit<Placed, 'node'>): Omit<Placed, 'node'> {
  if (node.type === 'step') return { ...around, back: true };
  return node.type === 'parallel' || node.type === 'for-each' ? { ...around, group: node.path } : around;
}

function inside(node: Node): Node[] {
  switch (node.type) {
    case 'parallel':
      return node.branches;
    case 'group':
      return node.body;
    case 'for-each':
      return [node.body];
    case 'step':
      return Array.isArray(node.undo) ? node.undo : [];
    default:
      return [];
  }
}

/**
 * An instance and its template differ by the item's index (`setup.joined[2]`) and, when the steady state is
 * verified once more at the end, by a prefix (`final.verify.pods`).
 */
function templateOf(path: string): string {
  return path.replace(/\[\d+\]/g, '').replace(/^final\./, '');
}

/** Whether it is the steady state's verification after recovery. */
export function isFinal(path: string): boolean {
  return path.startsWith('final.');
}

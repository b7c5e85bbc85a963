/** Branches of a parallel run at once: there must be several, and no two may act on one thing. */

import { canonicalJson } from '../canonical.ts';
import { type Compilation, type Origin, reportNode, writtenAt } from '../compilation.ts';
import { type Node, type Parallel, type Step, walk } from '../plan.ts';

export function checkParallel(compilation: Compilation): void {
  for (const [node, origin] of compilation.origins)
    if (node.type === 'parallel') checkOne(compilation, node, origin);
}

function checkOne(compilation: Compilation, node: Parallel, origin: Origin): void {
  const { parallel } = writtenAt(origin);
  if (Array.isArray(parallel) && parallel.length === 1)
    reportNode(compilation, node, 'parallel', {
      code: 'FD1504',
      severity: 'warning',
      what: 'there is nothing beside the one branch',
      found: '1 branch',
      expected: 'two or more',
      remedy: 'Write the step without `parallel`',
    });
  const seen = new Map<string, Node>();
  for (const step of node.branches.flatMap(actsIn)) {
    const key = `${step.uses} ${canonicalJson(step.with)}`;
    const other = seen.get(key);
    seen.set(key, step);
    if (other === undefined) continue;
    reportNode(compilation, step, 'uses', {
      code: 'FD1504',
      what: 'two branches do the same to the same at the same time',
      found: `${step.uses}, also on line ${other.at.line}`,
      expected: 'acts on different things, or one after the other',
      remedy: 'Remove one: their undo could not be told apart',
    });
  }
}

function actsIn(branch: Node): Step[] {
  return [...walk([branch])].filter(
    (node): node is Step => node.type === 'step' && node.verbs.includes('act'),
  );
}

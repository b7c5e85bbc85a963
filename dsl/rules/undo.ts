/** Whatever changes something has a way back. */
import { type Compilation, reportNode } from '../compilation.ts';
import type { Undo } from '../plan.ts';
import { stepsOf } from '../steps.ts';

export function checkUndo(compilation: Compilation): void {
  const all = stepsOf(compilation);
  for (const { step, kind, origin } of all) {
    const acts = kind.effect === 'changes' || kind.effect === 'disrupts';
    const back = kind.verbs.includes('undo') || Array.isArray(step.undo);
    if (step.undo === 'none' && acts && origin.section !== 'recover')
      reportNode(compilation, step, 'undo', {
        code: 'FD1509',
        severity: 'warning',
        what: 'what this step does stays after the drill',
        found: `${kind.name} with undo: none`,
        expected: 'everything put back',
        remedy: 'Remove `undo: none`, or give steps of your own as `undo`',
      });
    else if (acts && !back && step.undo !== 'none')
      reportNode(compilation, step, 'uses', {
        code: 'FD1509',
        what: `${kind.name} has no undo of its own`,
        found: `a kind that ${kind.effect}`,
        expected: '`undo` with your own steps, or `undo: none`',
        remedy: 'Say how it is put back',
      });
    if (kind.effect === 'reads' && step.undo !== 'auto')
      reportNode(compilation, step, 'undo', {
        code: 'FD1509',
        what: `${kind.name} only looks: there is nothing to undo`,
        found: 'undo',
        expected: 'no `undo`',
        remedy: 'Remove it',
      });
  }
  for (const node of compilation.origins.keys())
    if (node.type === 'undo') checkTarget(compilation, node, all);
}

function checkTarget(compilation: Compilation, node: Undo, all: ReturnType<typeof stepsOf>): void {
  const target = all.find(({ step }) => step.path === node.target);
  if (target === undefined) return;
  const { step, kind } = target;
  if (step.undo !== 'none' && (kind.verbs.includes('undo') || Array.isArray(step.undo))) return;
  reportNode(compilation, node, 'undo', {
    code: 'FD1206',
    what: `'${step.id}' cannot be undone`,
    found: step.undo === 'none' ? 'undo: none on that step' : `${kind.name}, which ${kind.effect}`,
    expected: 'a step that has an undo',
    remedy: 'Name a step that changes something',
  });
}

/** What each section is for: set-ups break nothing, and the steady state is only looked at. */
import { type Compilation, reportNode } from '../compilation.ts';
import { stepsOf } from '../steps.ts';

export function checkSections(compilation: Compilation): void {
  for (const { step, origin } of stepsOf(compilation)) {
    if (origin.section === 'verify' && step.effect !== 'reads')
      reportNode(compilation, step, 'uses', {
        code: 'FD1501',
        what: '`verify` only looks: it is the steady state, checked before and after',
        found: `${step.uses}, which ${step.effect}`,
        expected: 'a kind that reads',
        remedy: 'Move the step to `setup` or `steps`',
      });
    if (origin.section === 'setup' && step.effect === 'disrupts')
      reportNode(compilation, step, 'uses', {
        code: 'FD1501',
        what: '`setup` breaks nothing: nothing may be disrupted before the steady state is seen',
        found: `${step.uses}, which ${step.effect}`,
        expected: 'a kind that provides, changes or reads',
        remedy: 'Move the step to `steps`',
      });
  }
}

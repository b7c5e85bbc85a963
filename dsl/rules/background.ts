/** A background step runs beside everything until the drill has been judged. */
import { type Compilation, reportNode } from '../compilation.ts';
import { stepsOf } from '../steps.ts';

export function checkBackground(compilation: Compilation): void {
  for (const { step, origin, kind } of stepsOf(compilation)) {
    if (!step.background) continue;
    if (!kind.background || !kind.verbs.includes('slice'))
      reportNode(compilation, step, 'background', {
        code: 'FD1503',
        what: `${kind.name} cannot run in the background`,
        found: 'background: true',
        expected: `one of ${backgroundKinds(compilation).join(', ')}`,
        remedy: 'Remove `background: true`',
      });
    const around = origin.within.at(-1);
    if (around !== undefined || origin.section === 'verify' || origin.section === 'recover')
      reportNode(compilation, step, 'background', {
        code: 'FD1503',
        what: 'a background step must begin once and stay until the end',
        found: around === undefined ? `in '${origin.section}'` : `in ${around}`,
        expected: 'a step of `setup` or `steps` of its own',
        remedy: 'Move it out, before the steps that look at it',
      });
    if (origin.approval !== undefined || step.onFailure === 'ask')
      reportNode(compilation, step, 'background', {
        code: 'FD1503',
        what: 'nobody is asked about a background step',
        found: origin.approval === undefined ? 'on-failure: ask' : 'approval',
        expected: 'neither approval nor `on-failure: ask`',
        remedy: 'Put the approval on the step that disrupts',
      });
  }
}

function backgroundKinds({ options }: Compilation): string[] {
  return [...options.catalogue.values()].filter((kind) => kind.background).map((kind) => kind.name);
}

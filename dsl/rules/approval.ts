/** A schedule has nobody who could approve: each approval needs its standing answer. */
import { type Compilation, reportNode } from '../compilation.ts';

export function checkApprovals(compilation: Compilation): void {
  for (const [node, { approval, section, within }] of compilation.origins) {
    if (approval === undefined) continue;
    if (section === 'recover' || within.includes('undo'))
      reportNode(compilation, node, 'approval', {
        code: 'FD1506',
        what: 'the way back waits for nobody',
        found: `approval in ${section === 'recover' ? "'recover'" : 'an undo'}`,
        expected: 'no approval',
        remedy: 'Remove it: approve the step that disrupts',
      });
    else if (compilation.options.scheduled === true && !approval.standing)
      reportNode(compilation, node, 'approval', {
        code: 'FD1507',
        what: 'a scheduled run has nobody who could approve',
        found: 'an approval without a standing answer',
        expected: 'standing: approve',
        remedy:
          'Write `approval: { standing: approve }` if it may always run by schedule, or start it by hand',
      });
  }
}

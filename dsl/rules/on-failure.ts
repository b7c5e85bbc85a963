/** What a failure leads to must make sense where it stands. */
import { type Compilation, type Origin, reportNode, writtenAt } from '../compilation.ts';
import type { Node } from '../plan.ts';
import type { Complaint } from '../problem.ts';

export function checkOnFailure(compilation: Compilation): void {
  for (const [node, origin] of compilation.origins) {
    const complaint = complaintOf(compilation, node, origin);
    if (complaint !== undefined)
      reportNode(compilation, node, 'on-failure', { code: 'FD1508', ...complaint });
    if ('ask-within' in writtenAt(origin) && node.onFailure !== 'ask' && node.type !== 'for-each')
      reportNode(compilation, node, 'ask-within', {
        code: 'FD1508',
        what: 'nobody is asked when this fails',
        found: `ask-within with on-failure: ${node.onFailure}`,
        expected: 'on-failure: ask',
        remedy: 'Write `on-failure: ask`, or remove `ask-within`',
      });
  }
}

function complaintOf(
  { options }: Compilation,
  { onFailure, type }: Node,
  { section, within }: Origin,
): Omit<Complaint, 'code'> | undefined {
  if ((type === 'parallel' || type === 'group') && onFailure !== 'stop')
    return {
      what: 'a block fails when a step in it stops, and then the exercise stops',
      found: `on-failure: ${onFailure} on a block`,
      expected: 'on-failure on its steps',
      remedy: 'Write `on-failure` on the steps of the block',
    };
  if (section === 'verify' && onFailure !== 'stop')
    return {
      what: 'the steady state must hold as a whole, or nothing is broken',
      found: `on-failure: ${onFailure}`,
      expected: 'stop',
      remedy: 'Remove `on-failure`, or move the step to `steps`',
    };
  if (onFailure !== 'ask') return undefined;
  if (section === 'recover' || within.includes('undo'))
    return {
      what: 'the way back asks nobody',
      found: 'on-failure: ask',
      expected: 'stop or continue',
      remedy: 'Write `on-failure: continue`: the safety net undoes what is left',
    };
  if (options.scheduled !== true) return undefined;
  return {
    severity: 'warning',
    what: 'a scheduled run has nobody to ask: it will stop here',
    found: 'on-failure: ask',
    expected: 'stop or continue',
    remedy: 'Write `on-failure: stop` to say so',
  };
}

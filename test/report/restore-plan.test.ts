import { describe, expect, test } from '@jest/globals';
import type { Journal } from '../../report/journal.ts';
import { undoEntriesOf } from '../../report/restore-plan.ts';
import { restorationOf } from '../../report/restored.ts';
import {
  acted,
  entry,
  failure,
  faultStep,
  moverStep,
  parallel,
  passedJournal,
  planOf,
  step,
  undone,
  verb,
} from './build.ts';

const joined = step('setup.joined', 'karmada/join', {
  effect: 'provides',
  verbs: ['snapshot', 'act', 'undo', 'compare'],
  undoPhase: 'membership',
});
const fault = faultStep();
const left = moverStep('steps.left');
const right = moverStep('steps.right', { undo: 'none' });
const plan = planOf({ setup: [joined], steps: [fault, parallel('steps.3', [left, right])] });
const snapshot = { before: true };

function terminated(steps: Journal['steps']): Journal {
  return { ...passedJournal(), plan, steps, ended: 'terminated' };
}

describe('what a terminated run still has to undo', () => {
  test('every act that was scheduled, whatever became of it, newest first', () => {
    const journal = terminated([
      entry(joined, [verb('act', 1, 2, { snapshot, result: acted() })], 'setup.joined[0]'),
      entry(joined, [verb('act', 1.1, 2, { snapshot, result: acted() })], 'setup.joined[1]'),
      entry(fault, [
        verb('snapshot', 4, 5, { result: snapshot }),
        verb('act', 5, 9, { snapshot, ...failure('transient') }),
      ]),
      entry(left, [{ verb: 'act', n: 1, scheduledMs: 9e12, attempts: 0, input: {}, snapshot }]),
    ]);
    expect(undoEntriesOf(journal)).toMatchObject([
      { step: 'steps.left', phase: 'placement', order: 3, group: 'steps.3', snapshot, onlyOnFailure: false },
      { step: 'steps.fault', phase: 'capacity', order: 2 },
      { step: 'setup.joined[1]', phase: 'membership', order: 1 },
      { step: 'setup.joined[0]', phase: 'membership', order: 0 },
    ]);
    expect(restorationOf(journal)).toMatchObject({
      restored: 'partly',
      left: [{ remedy: expect.stringContaining('firedrill restore') }, {}, {}, {}],
    });
  });

  test('not what was undone, what stays by its author, and what was never acted', () => {
    const journal = terminated([
      entry(fault, [
        verb('act', 5, 9, { snapshot, result: acted() }),
        verb('undo', 10, 11, { snapshot, result: undone }),
      ]),
      entry(right, [verb('act', 5, 9, { snapshot, result: acted() })]),
      entry(left, [verb('snapshot', 5, 9, { result: snapshot })]),
    ]);
    expect(undoEntriesOf(journal)).toEqual([]);
  });

  test('an undo that broke off is to be done again', () => {
    const journal = terminated([
      entry(fault, [
        verb('act', 5, 9, { snapshot, result: acted() }),
        verb('undo', 10, 11, { snapshot, result: { done: false, progress: 1 } }),
        verb('undo', 11, 12, { n: 2, snapshot, ...failure('transient') }),
      ]),
    ]);
    expect(undoEntriesOf(journal).map(({ step: path }) => path)).toEqual(['steps.fault']);
  });

  test('a set-up stays when the run came to its end', () => {
    const journal: Journal = {
      ...terminated([entry(joined, [verb('act', 1, 2, { snapshot, result: acted() })])]),
      ended: 'completed',
    };
    expect(undoEntriesOf(journal)).toEqual([]);
    expect(restorationOf(journal)).toMatchObject({ restored: 'fully', left: [] });
  });
});

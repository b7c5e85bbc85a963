import { expect, test } from '@jest/globals';
import { exitOf } from '../../cli/live/conclude.ts';
import { DRILL_WORKFLOW, RESTORE_WORKFLOW } from '../../workflows/protocol.ts';

test.each([
  ['passed', 'fully', 0],
  ['passed', 'untouched', 0],
  ['passed', 'partly', 5],
  ['failed', 'fully', 1],
  ['inconclusive', 'partly', 2],
  ['aborted', 'fully', 3],
  ['broken', 'untouched', 4],
] as const)('a drill that %s, restored %s, exits %i', (verdict, restored, code) => {
  expect(exitOf(DRILL_WORKFLOW, { verdict, restored })).toBe(code);
});

test('a restore exits by what is back', () => {
  expect(exitOf(RESTORE_WORKFLOW, { verdict: 'broken', restored: 'fully' })).toBe(0);
  expect(exitOf(RESTORE_WORKFLOW, { verdict: 'broken', restored: 'partly' })).toBe(5);
});

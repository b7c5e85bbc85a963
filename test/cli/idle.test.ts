import { expect, test } from '@jest/globals';
import { isNeeded, mayRestart } from '../../cli/processes/idle.ts';

const nothing = { clients: 0, openRuns: 0, schedules: 0, kept: false };

test.each([{ clients: 1 }, { openRuns: 1 }, { schedules: 1 }, { kept: true }])(
  '%j keeps them up',
  (reason) => {
    expect(isNeeded({ ...nothing, ...reason })).toBe(true);
  },
);

test('with none of these they may go', () => {
  expect(isNeeded(nothing)).toBe(false);
});

test('what cannot live is not started for ever, and gets another chance later', () => {
  const crashes = [1, 2, 3, 4, 5].map((second) => second * 1000);
  expect(mayRestart(crashes.slice(0, 4), 6000)).toBe(true);
  expect(mayRestart(crashes, 6000)).toBe(false);
  expect(mayRestart(crashes, 305_000)).toBe(true);
});

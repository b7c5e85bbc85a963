/** The sandbox answers as the recorded real servers do, but for what is known, with its reason. */
import '../../lab/karmada/realm.ts';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { areas } from './cases.ts';
import { type Comparison, compare } from './comparison.ts';
import { knownDifferences } from './known-differences.ts';
import { fidelityPage } from './page.ts';
import { readRecording } from './recording.ts';
import { observe } from './run.ts';
import { openRawSandbox } from './sandbox.ts';

const recorded = readRecording(areas);
let comparison: Comparison;

beforeAll(async () => {
  const sandbox = await openRawSandbox();
  const seen = await observe(areas, sandbox.connections);
  await sandbox.close();
  comparison = compare(areas, recorded, seen, knownDifferences);
});

describe.each(areas)('$title', ({ title, cases }) => {
  test.each(Object.keys(cases))('%s', (name) => {
    const { unexplained } = comparison.cases.find((one) => one.area === title && one.name === name)!;
    expect(unexplained).toEqual([]);
  });

  test('the recording has every case, and no other', () => {
    expect(Object.keys(recorded[title]!)).toEqual(Object.keys(cases));
  });
});

test('every known difference is one', () => expect(comparison.stale).toEqual([]));

test('docs/fidelity.md says so', () => {
  expect(readFileSync('docs/fidelity.md', 'utf8')).toBe(fidelityPage(areas, comparison.cases));
});

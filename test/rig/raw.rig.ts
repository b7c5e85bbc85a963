/**
 * The recording is what the rig's real servers answer now. With FIREDRILL_RECORD set it is written anew instead.
 * Writes docs/fidelity.md, which compares the sandbox of this checkout with it.
 */
import '../lab/karmada/realm.ts';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { areas } from '../contracts/raw/cases.ts';
import { compare } from '../contracts/raw/comparison.ts';
import { knownDifferences } from '../contracts/raw/known-differences.ts';
import { fidelityPage } from '../contracts/raw/page.ts';
import { readRecording, writeRecording } from '../contracts/raw/recording.ts';
import { type Observations, observe } from '../contracts/raw/run.ts';
import { openRawSandbox } from '../contracts/raw/sandbox.ts';
import { rigConnections } from './planes.ts';

let real: Observations;

beforeAll(async () => {
  real = await observe(areas, rigConnections());
  if (process.env['FIREDRILL_RECORD']) writeRecording(real);
}, 300_000);

describe.each(areas)('$title', ({ title, cases }) => {
  test.each(Object.keys(cases))('%s', (name) => {
    expect(real[title]?.[name]).toEqual(readRecording(areas)[title]?.[name]);
    expect(real[title]?.[name]).not.toHaveProperty('failed');
  });
});

test('the sandbox beside it: docs/fidelity.md', async () => {
  const sandbox = await openRawSandbox();
  const seen = await observe(areas, sandbox.connections);
  await sandbox.close();
  const { cases, stale } = compare(areas, real, seen, knownDifferences);
  writeFileSync('docs/fidelity.md', fidelityPage(areas, cases));
  expect(cases.flatMap(({ area, name, unexplained }) => unexplained.map((one) => [area, name, one]))).toEqual(
    [],
  );
  expect(stale).toEqual([]);
});

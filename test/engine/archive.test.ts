import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { archive } from '../../activities/engine/archive.ts';
import type { Runs } from '../../activities/ports/runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const golden = join(import.meta.dirname, '../workflows/golden/finished.json');
const runs = { history: async () => JSON.parse(readFileSync(golden, 'utf8')) } as unknown as Runs;
const execution = { workflowId: 'drill-1', runId: 'one' };

test('the evidence of a run is in a folder of its own', async () => {
  const conclusion = await archive(runs, execution, folder);
  expect(conclusion).toMatchObject({ verdict: 'passed', evidence: join(folder, 'drill-1') });
  expect(readFileSync(join(conclusion.evidence, 'report.html'), 'utf8')).toMatch(/<!doctype html>/i);
});

test('a folder that cannot be written loses no verdict', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await expect(archive(runs, execution, file)).resolves.toMatchObject({
    verdict: 'passed',
    evidence: expect.stringMatching(/^not written: /),
  });
});

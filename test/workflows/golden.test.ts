/** Histories of old runs must replay on today's workflow, and today's report must judge them as it did then. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { workflowsPath } from '../../adapters/temporal/bundle.ts';
import { journalOf } from '../../report/history.ts';
import { judge } from '../../report/verdict.ts';
import { goldens } from './golden-drills.ts';

interface History {
  events: {
    workflowExecutionStartedEventAttributes?: { originalExecutionRunId: string; workflowId: string };
  }[];
}

const folder = join(import.meta.dirname, 'golden');
const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as History;
const kept = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  workflowBundle = await bundleWorkflowCode({ workflowsPath: workflowsPath(), logger });
});

test('every drill of the list is kept, and the restore of the one that was terminated', () => {
  expect(kept).toEqual([...goldens.map(({ name }) => name), 'restored'].sort());
});

test.each(kept)('%s replays', async (name) => {
  await Worker.runReplayHistory({ workflowBundle }, read(name));
});

describe('judged as then', () => {
  test.each(goldens)('$name', ({ name, expected }) => {
    const history = read(name);
    const start = history.events[0]!.workflowExecutionStartedEventAttributes!;
    const execution = { workflowId: start.workflowId, runId: start.originalExecutionRunId };
    expect(judge(journalOf(history, execution))).toMatchObject(expected);
  });

  test('the restore of the terminated one put everything back', () => {
    const journal = journalOf(read('restored'), { workflowId: 'restore', runId: 'any' });
    expect(journal.restores).toBe('drill-6');
    expect(judge(journal).restored).toBe('fully');
  });
});

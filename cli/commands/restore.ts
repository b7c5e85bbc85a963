import { WorkflowNotFoundError } from '@temporalio/client';
import type { Journal } from '../../report/journal.ts';
import { mustRecover, undoEntriesOf } from '../../report/restore-plan.ts';
import { CONTROL_QUEUE, RESTORE_WORKFLOW, type RestoreInput } from '../../workflows/protocol.ts';
import { type Call, type Command, jsonFlag } from '../command.ts';
import { evidenceFiles, readJournalFile } from '../evidence.ts';
import { follow } from '../live/follow.ts';
import { cannot, exitCodes, problem, Stop } from '../problem.ts';
import { newRunId } from '../temporal/drill.ts';
import { fetchJournal } from '../temporal/journal.ts';
import { openSession, type Session } from '../temporal/session.ts';

export const command: Command = {
  usage: 'restore RUN [--journal FILE]',
  about:
    'Puts back what a run left that was terminated or lost: from its history, or from its journal file when the ' +
    'server no longer knows it. Then compares with the snapshots, and unlocks the fleet.',
  arguments: { min: 1, max: 1 },
  flags: { journal: { type: 'string', value: 'FILE', summary: 'journal.json of the run' }, ...jsonFlag },
  async run(call) {
    const run = call.arguments[0]!;
    const session = await openSession({ processes: 'server', say: call.out.say });
    const journal = await journalFor(session, run, call);
    // The workflow registers them in the order given, and undoes from the last.
    const entries = undoEntriesOf(journal).sort((a, b) => a.order - b.order);
    for (const entry of entries.toReversed()) call.out.say(`to put back: ${entry.step}  ${entry.title}`);
    const input: RestoreInput = { plan: journal.plan, run, entries, recover: mustRecover(journal) };
    const { tier } = journal.plan.fleet;
    const id = newRunId(`restore-${journal.plan.runbook.name}`);
    const handle = await session.client.workflow.start(RESTORE_WORKFLOW, {
      workflowId: id,
      taskQueue: CONTROL_QUEUE,
      args: [input],
      memo: {
        planHash: journal.plan.hash,
        runbookFile: journal.plan.runbook.file,
        tier,
      },
      staticSummary: `Puts back what ${run} left`,
    });
    const runId = handle.firstExecutionRunId;
    call.out.say(`${id}\n${session.link(id, runId) ?? ''}`.trimEnd());
    const found = { run: id, runId, type: RESTORE_WORKFLOW, open: true, tier };
    return await follow(session, found, call.out);
  },
};

async function journalFor(session: Session, run: string, call: Call): Promise<Journal> {
  const file = call.text('journal');
  if (file !== undefined) return readJournal(file);
  const description = await session.client.workflow
    .getHandle(run)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
  if (description?.status.name === 'RUNNING')
    throw new Stop(exitCodes.failed, [
      problem('FD7014', `${run} is open and puts everything back itself`, {
        remedy: `npx firedrill abort ${run}, or npx firedrill attach ${run}`,
      }),
    ]);
  if (description !== undefined) return await fetchJournal(session, run, description.runId);
  const kept = evidenceFiles(run)['journal.json'];
  if (kept !== undefined) return readJournal(kept);
  throw cannot(problem('FD7022', `the server knows no run ${run}, and runs/${run}/journal.json is not here`));
}

function readJournal(path: string): Journal {
  try {
    const journal = readJournalFile(path) as Journal;
    if (journal.journal === 1) return journal;
  } catch (error) {
    throw cannot(problem('FD7022', (error as Error).message, { where: path }));
  }
  throw cannot(problem('FD7022', 'this is no journal of a run', { where: path }));
}

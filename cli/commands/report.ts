import { evidenceOf } from '../../report/evidence.ts';
import { type Command, jsonFlag } from '../command.ts';
import { writeEvidence } from '../evidence.ts';
import { exitCodes } from '../problem.ts';
import { fetchJournal } from '../temporal/journal.ts';
import { findRun } from '../temporal/runs.ts';
import { openSession } from '../temporal/session.ts';

export const command: Command = {
  usage: 'report [RUN]',
  about:
    'Writes the evidence of a run (report.html, journal.json, junit.xml) again, from its history, into runs/RUN. ' +
    'A run that is open gives the report of what was seen so far.',
  arguments: { min: 0, max: 1 },
  flags: jsonFlag,
  async run(call) {
    const session = await openSession({ processes: 'server', say: call.out.say });
    const { run, runId } = await findRun(session, call.arguments[0], true);
    const journal = await fetchJournal(session, run, runId);
    await session.close();
    const { conclusion, files } = evidenceOf(journal);
    const written = writeEvidence(run, files);
    if (call.out.json) call.out.data({ run, runId, ...conclusion, files: written });
    else for (const path of Object.values(written)) call.out.print(path);
    return exitCodes.passed;
  },
};

/** What a run came to, with its evidence on this machine. */
import { evidenceOf } from '../../report/evidence.ts';
import { summaryOf as terminalSummary } from '../../report/terminal.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import { evidenceFiles, evidenceFolder, writeEvidence } from '../evidence.ts';
import { fetchJournal } from '../temporal/journal.ts';
import type { Session } from '../temporal/session.ts';

export interface Summary {
  text: string;
  conclusion: Omit<Conclusion, 'evidence'>;
  folder: string;
  /** Name → path. */
  files: Record<string, string>;
}

/** Judged here from the history, as the worker did; a worker elsewhere, or none, leaves no files here: written now. */
export async function concludedBy(session: Session, found: { run: string; runId: string }): Promise<Summary> {
  const journal = await fetchJournal(session, found.run, found.runId);
  const { conclusion, files } = evidenceOf(journal);
  const there = evidenceFiles(found.run);
  return {
    text: terminalSummary(journal, { colour: process.stdout.isTTY === true && !process.env['NO_COLOR'] }),
    conclusion,
    folder: evidenceFolder(found.run),
    files: there['report.html'] === undefined ? writeEvidence(found.run, files) : there,
  };
}

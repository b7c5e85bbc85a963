/** The journal of a run, made from the history that the server has of it. */

import { journalOf } from '../../report/history.ts';
import type { Journal } from '../../report/journal.ts';
import type { Session } from './session.ts';

export async function fetchJournal(session: Session, run: string, runId: string): Promise<Journal> {
  const history = await session.client.workflow.getHandle(run, runId).fetchHistory();
  return journalOf(history, { workflowId: run, runId });
}

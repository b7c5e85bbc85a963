/** Sends a person's decision to a run and waits until the run has recorded it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowUpdateStage } from '@temporalio/client';
import type { updates } from '../../workflows/protocol.ts';
import { cannot, problem } from '../problem.ts';
import type { Session } from './session.ts';

/** An Update pends for ever while no worker polls; longer than this none does. */
const ACCEPT_WITHIN_MS = 5000;

export async function sendUpdate(
  session: Session,
  run: string,
  name: keyof typeof updates,
  payload: object,
): Promise<void> {
  const handle = session.client.workflow.getHandle(run);
  const started = handle.startUpdate(name, { args: [payload], waitForStage: WorkflowUpdateStage.ACCEPTED });
  const accepted = started.then(async (update) => {
    await update.result();
    return 'accepted' as const;
  });
  // A rejection that comes after we gave up on it is nobody's error any more.
  accepted.catch(() => {});
  const outcome = await Promise.race([
    accepted,
    sleep(ACCEPT_WITHIN_MS, 'late' as const, { ref: false }),
  ]).catch((error: Error) => {
    throw cannot(problem('FD7018', `the run refused ${name}: ${innermost(error)}`, { where: run }));
  });
  if (outcome === 'late')
    throw cannot(
      problem('FD7016', `the run did not take ${name} within 5 s: no worker polls`, { where: run }),
    );
}

function innermost(error: Error): string {
  return error.cause instanceof Error ? innermost(error.cause) : error.message;
}

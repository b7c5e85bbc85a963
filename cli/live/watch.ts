/** Watches a run until it is over or the person leaves; brings up again what it needs and finds dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Console } from '../console.ts';
import { person } from '../person.ts';
import { renderProblem, Stop } from '../problem.ts';
import { enlistClient } from '../processes/record.ts';
import { openSession, type Session } from '../temporal/session.ts';
import { sendUpdate } from '../temporal/update.ts';
import { onInterrupt } from './interrupt.ts';
import { type Look, look } from './observe.ts';
import { type Screen, screenOn } from './screen.ts';
import { emptyView, nextView } from './view.ts';

const LOOK_EVERY_MS = 250;

export interface Watched {
  run: string;
  runId: string;
  /** The fleet is the lab: it belongs to what must be up. */
  lab: boolean;
}

/** `detached`: the person left and the run goes on. The session may have been opened anew. */
export async function watch(
  opened: Session,
  watched: Watched,
  out: Console,
): Promise<{ end: 'over' | 'detached'; session: Session }> {
  const screen = screenOn(out);
  const leave = enlistClient();
  let session = opened;
  let detached = false;
  const stopListening = onInterrupt((count) => {
    if (count === 1) void abort(session, watched.run, screen);
    else detached = true;
  });
  let view = emptyView;
  try {
    while (!detached) {
      const seen = await lookAgain(session, watched, screen);
      session = seen.session;
      view = nextView(view, seen.look?.state, seen.look?.progress ?? [], noticeOf(session, seen.look));
      screen.show(view);
      if (seen.look?.open === false) return { end: 'over', session };
      await sleep(LOOK_EVERY_MS);
    }
    return { end: 'detached', session };
  } finally {
    stopListening();
    leave();
    screen.close();
  }
}

function noticeOf(session: Session, seen: Look | undefined): string | undefined {
  if (seen === undefined) return `the Temporal server at ${session.address} does not answer`;
  if (!seen.open || seen.state !== undefined) return undefined;
  return session.embedded
    ? 'no worker answers yet (its log: .firedrill/logs/worker.log)'
    : `no worker polls on ${session.address}: start one with TEMPORAL_ADDRESS set, npm run worker`;
}

/** Looks; when nobody answers on the embedded set, starts what is dead and goes on with that. */
async function lookAgain(
  session: Session,
  watched: Watched,
  screen: Screen,
): Promise<{ look: Look | undefined; session: Session }> {
  const seen = await look(session, watched.run, watched.runId).catch(() => undefined);
  if (!session.embedded || (seen !== undefined && (!seen.open || seen.state !== undefined)))
    return { look: seen, session };
  try {
    const again = await openSession({ processes: { lab: watched.lab }, say: screen.line });
    await session.close();
    return { look: seen, session: again };
  } catch (error) {
    if (!(error instanceof Stop)) return { look: seen, session };
    for (const problem of error.problems) screen.line(renderProblem(problem));
    await sleep(2000);
    return { look: seen, session };
  }
}

async function abort(session: Session, run: string, screen: Screen): Promise<void> {
  screen.line('aborting: everything is put back. Ctrl-C once more leaves the run to itself.');
  const reason = 'Ctrl-C';
  await sendUpdate(session, run, 'abort', { by: person(), reason }).catch((error: unknown) => {
    const problems = error instanceof Stop ? error.problems : [];
    for (const problem of problems) screen.line(renderProblem(problem));
  });
}

/** Watches a run until it is over or the person leaves; brings up again what it needs and finds dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../dsl/plan.ts';
import type { RunState } from '../../workflows/protocol.ts';
import type { Console } from '../console.ts';
import { person } from '../person.ts';
import { renderProblem, Stop } from '../problem.ts';
import { inHome } from '../processes/home.ts';
import type { Tier } from '../processes/labs.ts';
import { enlistClient } from '../processes/record.ts';
import { openSession, type Session } from '../temporal/session.ts';
import { sendUpdate } from '../temporal/update.ts';
import { onInterrupt } from './interrupt.ts';
import { type Look, lastResults, look } from './observe.ts';
import { type Screen, screenOn } from './screen.ts';
import { emptyView, nextView, type View } from './view.ts';

const LOOK_EVERY_MS = 250;
/** A worker that starts or is busy answers late; longer than this, something is wrong. */
const PATIENCE_MS = 8000;

export interface Watched {
  run: string;
  runId: string;
  /** Of the fleet: its lab belongs to what must be up. */
  tier: Tier;
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
  let answeredMs = Date.now();
  try {
    while (!detached) {
      const seen = await look(session, watched.run, watched.runId).catch(() => undefined);
      if (seen !== undefined && (!seen.open || seen.state !== undefined)) answeredMs = Date.now();
      const late = Date.now() - answeredMs > PATIENCE_MS;
      const told = [...(await newResults(session, watched, view, seen)), ...(seen?.progress ?? [])];
      view = nextView(view, seen?.state, told, late ? noticeOf(session, seen) : undefined);
      screen.show(view);
      if (seen?.open === false) return { end: 'over', session };
      if (late && session.embedded) session = await startAgain(session, watched, screen);
      await sleep(LOOK_EVERY_MS);
    }
    return { end: 'detached', session };
  } finally {
    stopListening();
    leave();
    screen.close();
  }
}

function noticeOf(session: Session, seen: Look | undefined): string {
  if (seen === undefined) return `the Temporal server at ${session.address} does not answer`;
  return session.embedded
    ? `no worker answers (its log: ${inHome('logs', 'worker.log')})`
    : `no worker polls on ${session.address}: start one with TEMPORAL_ADDRESS set, npm run worker`;
}

/** Asked for only when a step has ended since the last look. */
async function newResults(
  session: Session,
  watched: Watched,
  view: View,
  seen: Look | undefined,
): Promise<Json[]> {
  const ended = (state: RunState | undefined) =>
    state?.steps.filter((step) => step.endedMs !== undefined).length ?? 0;
  if (seen?.state === undefined || ended(seen.state) === ended(view.state)) return [];
  const results = await lastResults(session, watched.run, watched.runId).catch(() => []);
  return results.toReversed();
}

/** The keeper does the same within a second or two; this also works when it died with the others. */
async function startAgain(session: Session, watched: Watched, screen: Screen): Promise<Session> {
  try {
    const again = await openSession({ processes: { tier: watched.tier }, say: screen.line });
    await session.close();
    return again;
  } catch (error) {
    if (!(error instanceof Stop)) return session;
    for (const problem of error.problems) screen.line(renderProblem(problem));
    await sleep(2000);
    return session;
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

/** From "the run is started" to an exit code. */
import { existsSync } from 'node:fs';
import type { Console } from '../console.ts';
import { inHome } from '../processes/home.ts';
import { LINGER_MS } from '../processes/idle.ts';
import { keepFile } from '../processes/stop-all.ts';
import type { FoundRun } from '../temporal/runs.ts';
import { openSession, type Session } from '../temporal/session.ts';
import { exitOf } from './conclude.ts';
import { concludedBy, type Summary } from './summary.ts';
import { watch } from './watch.ts';

/** Left by a person, as a shell would say it of Ctrl-C. */
const DETACHED = 130;

/** Watches an open run with everything up that it needs, then shows what it came to. */
export async function follow(opened: Session, found: FoundRun, out: Console): Promise<number> {
  const session = opened.embedded ? await withWorkers(opened, found, out) : opened;
  const { end, session: last } = await watch(session, found, out);
  if (end === 'over') return await finish(last, found, out);
  await last.close();
  out.say(`\nThe run goes on by itself. Watch it: npx firedrill attach ${found.run}`);
  return DETACHED;
}

async function withWorkers(opened: Session, found: FoundRun, out: Console): Promise<Session> {
  const session = await openSession({ processes: { tier: found.tier }, say: out.say });
  await opened.close();
  return session;
}

export async function finish(session: Session, found: FoundRun, out: Console): Promise<number> {
  const summary = await concludedBy(session, found);
  await session.close();
  if (out.json) out.data(asData(found, summary));
  else {
    out.print(summary.text);
    out.print(`report   ${summary.files['report.html'] ?? summary.folder}`);
    if (session.embedded) out.print(`The Web UI stays up ${stays()} (logs in ${inHome('logs')}).`);
  }
  return exitOf(found.type, summary.conclusion);
}

const stays = (): string =>
  existsSync(keepFile())
    ? 'until npx firedrill down'
    : `for ${LINGER_MS / 60_000} minutes after the last run`;

function asData(found: FoundRun, summary: Summary) {
  return { run: found.run, runId: found.runId, ...summary.conclusion, evidence: summary.folder };
}

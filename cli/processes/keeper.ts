/**
 * A small process beside the others: while somebody needs them it starts again what crashed, and when nobody
 * has needed them for a while it stops them and itself.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { countOpenRuns, countSchedules } from '../temporal/counts.ts';
import { type Definition, temporal, workerOn } from './definitions.ts';
import { embeddedAt, ensure } from './ensure.ts';
import { isNeeded, LINGER_MS, mayRestart, type Need } from './idle.ts';
import { lab, rig } from './labs.ts';
import { crashed, livingClients, livingRecord, type ProcessName } from './record.ts';
import { keepFile, stopAll } from './stop-all.ts';

const LOOK_EVERY_MS = 1000;
/** Asking the server costs it something; a linger needs no finer look. */
const ASK_EVERY_MS = 15_000;

const say = (text: string) => console.log(`${new Date().toISOString()} ${text}`);
const restarts = new Map<ProcessName, number[]>();

async function keep(): Promise<void> {
  let neededMs = Date.now();
  let askedMs = 0;
  while (livingRecord('keeper')?.pid === process.pid) {
    await restartCrashed();
    if (Date.now() - askedMs > ASK_EVERY_MS) {
      askedMs = Date.now();
      if (isNeeded(await need())) neededMs = askedMs;
    }
    if (Date.now() - neededMs > LINGER_MS) {
      say('nobody has needed the local processes for a while: stopping them');
      await stopAll();
      return;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function restartCrashed(): Promise<void> {
  for (const definition of definitions()) {
    const past = restarts.get(definition.name) ?? [];
    if (!crashed(definition.name) || !mayRestart(past, Date.now())) continue;
    restarts.set(definition.name, [...past, Date.now()]);
    say(`${definition.name} is gone: starting it again`);
    await ensure(definition, say).catch((error: Error) => say(error.message));
  }
}

/** The server first: the workers need its address. */
function definitions(): Definition[] {
  const server = livingRecord('temporal');
  if (server === undefined) return [temporal, lab, rig];
  const { address } = embeddedAt(server);
  return [temporal, lab, rig, workerOn('control', address), workerOn('traffic', address)];
}

async function need(): Promise<Need> {
  const here = { clients: livingClients(), kept: existsSync(keepFile()) };
  const server = livingRecord('temporal');
  if (server === undefined) return { ...here, openRuns: 0, schedules: 0 };
  const connection = Connection.lazy({ address: embeddedAt(server).address });
  try {
    const [openRuns, schedules] = await Promise.all([countOpenRuns(connection), countSchedules(connection)]);
    return { ...here, openRuns, schedules };
  } catch (error) {
    say(`the Temporal server does not answer: ${(error as Error).message}`);
    return { ...here, openRuns: 0, schedules: 0 };
  } finally {
    await connection.close();
  }
}

// The command that starts this writes its record right after: not finding it yet is no reason to end.
for (let look = 0; look < 50 && livingRecord('keeper')?.pid !== process.pid; look++) await sleep(100);
await keep();
process.exit(0);

/** Brings up what is missing, all at once, and replaces what runs old code while nothing depends on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Definition, keeper, temporal, workerOn } from './definitions.ts';
import { labOf, type Tier } from './labs.ts';
import { didNotStart, isAlive, launch, stop } from './launch.ts';
import { locked } from './lock.ts';
import { growingLines } from './log.ts';
import { livingRecord, type ProcessRecord } from './record.ts';

/** From the start of a process until it must answer: a busy laptop's first start of the dev server. */
const START_WITHIN_MS = 60_000;

export interface Embedded {
  address: string;
  /** Base of the Web UI. */
  webUi: string;
}

export interface Ensure {
  /** Of the fleet: its lab too, when it is one. */
  tier: Tier;
  /** Told of downloads and starts. */
  say(text: string): void;
  /** Runs of the embedded server that are open: their worker is not replaced under them. */
  openRuns(server: Embedded): Promise<number>;
}

/** The whole embedded set. Concurrent calls, from any process, start nothing twice. */
export async function ensureAll(wanted: Ensure): Promise<Embedded> {
  const lab = labOf(wanted.tier);
  await lab?.possible?.();
  const temporalUp = ensureTemporal(wanted.say);
  const idle = async () => (await wanted.openRuns(await temporalUp)) === 0;
  const worker = async (queue: 'control' | 'traffic') =>
    ensure(workerOn(queue, (await temporalUp).address), wanted.say, idle);
  await Promise.all([worker('control'), worker('traffic'), lab && ensure(lab, wanted.say, idle)]);
  return await temporalUp;
}

/** With the keeper, or nobody would ever stop it. */
export async function ensureTemporal(say: (text: string) => void): Promise<Embedded> {
  const [record] = await Promise.all([ensure(temporal, say), ensure(keeper, say, async () => true)]);
  return embeddedAt(record);
}

export function embeddedAt(record: ProcessRecord): Embedded {
  const { grpc, ui } = record.ports as { grpc: number; ui: number };
  return { address: `127.0.0.1:${grpc}`, webUi: `http://127.0.0.1:${ui}` };
}

/** @param mayReplace Asked when the running process has another version than the code of this checkout. */
export async function ensure(
  definition: Definition,
  say: (text: string) => void,
  mayReplace: () => Promise<boolean> = async () => false,
): Promise<ProcessRecord> {
  const record =
    (await current(definition, mayReplace)) ??
    (await locked(definition.name, async () => {
      const living = await current(definition, mayReplace);
      if (living !== undefined) return living;
      const old = livingRecord(definition.name);
      if (old !== undefined) await stop(old);
      const wanted = await definition.prepare(say);
      say(`starting ${definition.title}`);
      return await launch(wanted);
    }));
  await untilUp(definition, record, say);
  return record;
}

/** The living process, unless it is to be replaced. */
async function current(
  definition: Definition,
  mayReplace: () => Promise<boolean>,
): Promise<ProcessRecord | undefined> {
  const living = livingRecord(definition.name);
  if (living === undefined || living.version === definition.version()) return living;
  return (await mayReplace()) ? undefined : living;
}

async function untilUp(
  definition: Definition,
  record: ProcessRecord,
  say: (text: string) => void,
): Promise<void> {
  const untilMs = Date.now() + (definition.startWithinMs ?? START_WITHIN_MS);
  const progress = definition.tellsProgress ? growingLines(record.log, record.logFrom) : () => [];
  if (await definition.isUp(record)) return;
  for (let isUp = false; !isUp; isUp = await definition.isUp(record)) {
    const lives = isAlive(record);
    for (const line of progress()) say(`  ${line}`);
    if (!lives) throw didNotStart(record.name, record.log, 'it ended while starting');
    if (Date.now() > untilMs) throw didNotStart(record.name, record.log, 'it does not answer');
    await sleep(50);
  }
  for (const line of progress()) say(`  ${line}`);
}

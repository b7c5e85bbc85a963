/** Starts a process that outlives the command, its terminal and its Ctrl-C; and stops one. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { birth } from '../../lab/birth.ts';
import { cannot, problem } from '../problem.ts';
import { inHome, prepare } from './home.ts';
import { type ProcessName, type ProcessRecord, removeRecord, writeRecord } from './record.ts';

export interface Launch {
  name: ProcessName;
  command: [string, ...string[]];
  env: Record<string, string>;
  ports: Record<string, number>;
  version: string;
  /** See ProcessRecord. */
  stopWithinMs?: number;
}

export async function launch(wanted: Launch): Promise<ProcessRecord> {
  const log = prepare(inHome('logs', `${wanted.name}.log`));
  const output = openSync(log, 'a');
  const logFrom = fstatSync(output).size;
  const [program, ...rest] = wanted.command;
  // `detached` gives it a session of its own: no terminal, so neither Ctrl-C nor a hang-up reaches it.
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...wanted.env },
  });
  closeSync(output);
  const failed = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', resolve);
  });
  const born = child.pid === undefined ? undefined : birth(child.pid);
  if (failed !== undefined || child.pid === undefined || born === undefined)
    throw didNotStart(wanted.name, log, failed?.message ?? 'it ended at once');
  child.unref();
  const { name, command, ports, version, stopWithinMs } = wanted;
  const record = { name, pid: child.pid, birth: born, ports, log, logFrom, command, version };
  const startedAt = new Date().toISOString();
  const stamped = { ...record, startedAt, ...(stopWithinMs !== undefined && { stopWithinMs }) };
  writeRecord(stamped);
  return stamped;
}

export function didNotStart(name: string, log: string, why: string) {
  return cannot(problem('FD7011', `${name} did not come up: ${why}`, { where: log }));
}

export function isAlive(record: ProcessRecord): boolean {
  return birth(record.pid) === record.birth;
}

const STOP_WITHIN_MS = 5000;

/** Asks it to end, insists when its time is over, and forgets it. */
export async function stop(record: ProcessRecord): Promise<void> {
  signal(record, 'SIGTERM');
  const untilMs = Date.now() + (record.stopWithinMs ?? STOP_WITHIN_MS);
  while (isAlive(record) && Date.now() < untilMs) await sleep(50);
  signal(record, 'SIGKILL');
  while (isAlive(record) && Date.now() < untilMs + 2000) await sleep(20);
  removeRecord(record.name);
}

function signal(record: ProcessRecord, name: NodeJS.Signals): void {
  if (!isAlive(record)) return;
  try {
    process.kill(record.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

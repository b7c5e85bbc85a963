/** One file per process in `.firedrill/processes/`: enough to find it again, to ask it and to stop it. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { birth } from '../../lab/birth.ts';
import { inHome, writeAtomically } from './home.ts';

export const processNames = ['temporal', 'lab', 'rig', 'worker', 'traffic', 'keeper'] as const;
export type ProcessName = (typeof processNames)[number];

export interface ProcessRecord {
  name: ProcessName;
  pid: number;
  /** See `birth`. */
  birth: string;
  ports: Record<string, number>;
  log: string;
  /** Bytes that the log had when this process began it; left out: none. */
  logFrom?: number;
  command: string[];
  /** Hash of the code it was started with. */
  version: string;
  /** ISO time. */
  startedAt: string;
  /** How long its orderly end may take before it is killed, ms; left out: a few seconds. */
  stopWithinMs?: number;
}

const file = (name: string) => inHome('processes', `${name}.json`);

export function writeRecord(record: ProcessRecord): void {
  writeAtomically(file(record.name), `${JSON.stringify(record, null, 2)}\n`);
}

export function removeRecord(name: ProcessName): void {
  rmSync(file(name), { force: true });
}

/** The record of a process that lives; a pid that is somebody else's now does not count. */
export function livingRecord(name: ProcessName): ProcessRecord | undefined {
  const record = readRecord(name);
  return record !== undefined && birth(record.pid) === record.birth ? record : undefined;
}

/** Whoever is stopped on purpose loses its record: one that is dead and recorded has crashed. */
export function crashed(name: ProcessName): boolean {
  return readRecord(name) !== undefined && livingRecord(name) === undefined;
}

export function livingRecords(): ProcessRecord[] {
  return processNames.flatMap((name) => livingRecord(name) ?? []);
}

function readRecord(name: ProcessName): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file(name), 'utf8')) as Partial<ProcessRecord>;
    return typeof record.pid === 'number' && typeof record.birth === 'string'
      ? (record as ProcessRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Commands that watch a run; while one lives, nothing is stopped for being idle. */
export function enlistClient(): () => void {
  const path = inHome('clients', `${process.pid}.json`);
  writeAtomically(path, JSON.stringify({ pid: process.pid, birth: birth(process.pid) }));
  return () => rmSync(path, { force: true });
}

export function livingClients(): number {
  const folder = inHome('clients');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).filter((name) => isLivingClient(inHome('clients', name))).length;
}

function isLivingClient(path: string): boolean {
  try {
    const client = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; birth: string };
    if (birth(client.pid) === client.birth) return true;
    rmSync(path, { force: true });
    return false;
  } catch {
    return false;
  }
}

/** `rig.json`: which processes a rig consists of, so that what a killed rig left behind is found and ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { birth } from '../birth.ts';
import { readJson, writeAtomically } from '../state-file.ts';
import { type Layout, layout } from './layout.ts';
import type { ProcessState } from './supervise.ts';

export interface RecordedProcess extends ProcessState {
  /** See `birth`: a pid alone may be somebody else's by now. */
  birth?: string;
}

export interface RigRecord {
  /** Of the process that supervises the others. */
  pid: number;
  birth: string | undefined;
  processes: RecordedProcess[];
}

export function writeRecord(files: Layout, states: ProcessState[]): void {
  const processes = states.map((state) => {
    const born = state.pid === undefined ? undefined : birth(state.pid);
    return { ...state, ...(born !== undefined && { birth: born }) };
  });
  const record: RigRecord = { pid: process.pid, birth: birth(process.pid), processes };
  writeAtomically(files.record, `${JSON.stringify(record, null, 2)}\n`);
}

/** @param folder the rig's. Undefined when no rig ever ran there. */
export function readRecord(folder: string): RigRecord | undefined {
  return readJson(layout(folder).record);
}

/** Whether the rig of this folder is supervised by a process that lives. */
export function isSupervised(folder: string): boolean {
  const record = readRecord(folder);
  return record?.birth !== undefined && birth(record.pid) === record.birth;
}

const END_WITHIN_MS = 10_000;

/**
 * Ends the processes that a killed rig left; etcd keeps what they knew. Those who use a server before the server.
 *
 * @returns Names of what was still running.
 */
export async function endStale(folder: string): Promise<string[]> {
  if (isSupervised(folder)) return [];
  const left = (readRecord(folder)?.processes ?? []).filter(lives);
  for (const wave of inWaves(left)) await Promise.all(wave.map(end));
  return left.map(({ name }) => name);
}

/** Clients, API servers, etcd. */
function inWaves(processes: RecordedProcess[]): RecordedProcess[][] {
  const level = ({ name }: RecordedProcess) =>
    name === 'etcd' ? 2 : name.endsWith('/kube-apiserver') ? 1 : 0;
  return [0, 1, 2].map((wave) => processes.filter((one) => level(one) === wave));
}

const lives = ({ pid, birth: born }: RecordedProcess) =>
  pid !== undefined && born !== undefined && birth(pid) === born;

async function end(one: RecordedProcess): Promise<void> {
  signal(one, 'SIGCONT');
  signal(one, 'SIGTERM');
  for (const untilMs = Date.now() + END_WITHIN_MS; lives(one) && Date.now() < untilMs; ) await sleep(50);
  signal(one, 'SIGKILL');
}

function signal(one: RecordedProcess, name: NodeJS.Signals): void {
  if (!lives(one)) return;
  try {
    process.kill(one.pid as number, name);
  } catch {
    // It ended between the look and the signal.
  }
}

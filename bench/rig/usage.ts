/** Resident memory and processor time of processes, from /proc. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from './host.ts';

/** USER_HZ of every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

export interface Usage {
  /** Resident, MiB, by process. */
  memory: Record<string, number>;
  /** Percent of one core while nothing is asked of them. */
  cpu: Record<string, number>;
}

export async function measureIdle(host: Host, seconds: number): Promise<Usage> {
  const running = host.processes().filter((one) => one.pid !== undefined) as { name: string; pid: number }[];
  const before = running.map(({ pid }) => cpuSeconds(pid));
  await sleep(seconds * 1000);
  const share = ({ pid }: { pid: number }, index: number) =>
    ((cpuSeconds(pid) - before[index]!) / seconds) * 100;
  return {
    memory: Object.fromEntries(running.map(({ name, pid }) => [name, residentMib(pid)])),
    cpu: Object.fromEntries(running.map((one, index) => [one.name, share(one, index)])),
  };
}

export const sum = (of: Record<string, number>): number =>
  Object.values(of).reduce((total, one) => total + one, 0);

/** Fields 14 and 15; what stands before may have blanks in it, and ends with a parenthesis. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function residentMib(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found![1]) / 1024;
}

/** Tells one process from a later one that got the same pid. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process was born, as a string that no other process of this pid has: boot and clock ticks on Linux,
 * the start time `ps` prints elsewhere. Undefined when there is none, or only its zombie.
 */
export function birth(pid: number): string | undefined {
  return process.platform === 'linux' ? birthFromProc(pid) : birthFromPs(pid);
}

function birthFromProc(pid: number): string | undefined {
  try {
    // The second field is the command in brackets and may hold spaces and brackets itself.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function birthFromPs(pid: number): string | undefined {
  try {
    const printed = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    }).trim();
    return printed === '' || printed.startsWith('Z') ? undefined : printed.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

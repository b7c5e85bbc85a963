/** Stops every process of this state folder: those that use a server before the server. */
import { rmSync } from 'node:fs';
import { endStale } from '../../lab/rig/record.ts';
import { inHome } from './home.ts';
import { stop } from './launch.ts';
import { locked } from './lock.ts';
import { livingRecord, type ProcessName, processNames, removeRecord } from './record.ts';

/** Left by `--keep`: nothing is stopped for being idle. */
export const keepFile = () => inHome('keep');

const waves: ProcessName[][] = [['keeper'], ['worker', 'traffic'], ['lab', 'rig', 'temporal']];

/** @returns Names of what was running. */
export async function stopAll(): Promise<ProcessName[]> {
  const running = processNames.filter((name) => livingRecord(name) !== undefined);
  for (const wave of waves) await Promise.all(wave.map((name) => stopOne(name)));
  rmSync(keepFile(), { force: true });
  return running;
}

/** @returns Names of processes that it had started, that outlived it and were ended too. */
export async function stopOne(name: ProcessName): Promise<string[]> {
  return await locked(name, async () => {
    const record = livingRecord(name);
    // The keeper calls this too, and must outlive its own call.
    if (record !== undefined && record.pid !== process.pid) await stop(record);
    else removeRecord(name);
    // Others are alone, or take their children with them.
    return name === 'rig' ? await endStale(inHome('rig')) : [];
  });
}

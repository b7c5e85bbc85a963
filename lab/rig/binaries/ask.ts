/** Asks a program of the rig which version it is. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Tool, tools } from './tools.ts';

const run = promisify(execFile);
const WITHIN_MS = 10_000;

/** Without the leading `v`; undefined when it cannot be run, or prints none. */
export async function versionOf(tool: Tool, path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, tools[tool].ask, { timeout: WITHIN_MS });
    // The first version printed is the program's own; Go's or kustomize's may follow.
    return /\bv?(\d+\.\d+\.\d+[\w.+-]*)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

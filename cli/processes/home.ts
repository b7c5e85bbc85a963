/** The state folder: what this checkout's processes keep (`.firedrill`, or FIREDRILL_HOME). */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateFolder } from '../../adapters/references.ts';
import { cannot, problem } from '../problem.ts';

export function inHome(...parts: string[]): string {
  return join(stateFolder(), ...parts);
}

/** Makes the folder of a file to be written there; the one place that notices a read-only state folder. */
export function prepare(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return path;
  } catch (error) {
    throw unwritable(error);
  }
}

/** Readers see the old content or the new, never half of it. */
export function writeAtomically(path: string, content: string): void {
  const draft = `${prepare(path)}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, path);
  } catch (error) {
    throw unwritable(error);
  }
}

function unwritable(error: unknown) {
  return cannot(
    problem('FD7012', error instanceof Error ? error.message : String(error), { where: inHome() }),
  );
}

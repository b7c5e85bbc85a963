/** The lab's memory on disk, so that a killed lab comes back with its state. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { World } from './world.ts';

const AT_MOST_EVERY_MS = 200;

/** Undefined when there is none, or none that can be read: the lab then starts afresh. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

export function writeAtomically(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

export interface Keeping {
  /** Of what is not the world's: settings. */
  changed(): void;
  /** Writes once more. */
  stop(): void;
}

/** Writes `state()` a moment after each change of the world. */
export function keepState(file: string, { planes, faults }: World, state: () => unknown): Keeping {
  let pending: NodeJS.Timeout | undefined;

  function write(): void {
    clearTimeout(pending);
    pending = undefined;
    writeAtomically(file, JSON.stringify(state()), 0o600);
  }
  function later(): void {
    pending ??= setTimeout(write, AT_MOST_EVERY_MS);
  }
  const stops = [faults.onChange(later), ...Object.values(planes).map(({ store }) => store.watch(later))];
  later();
  return {
    changed: later,
    stop() {
      for (const stop of stops) stop();
      write();
    },
  };
}

/** Brings doors, processes and pods to where the faults want them, one step after the other. */
import { isDeepStrictEqual } from 'node:util';
import type { PodLife } from '../stages.ts';
import type { Door } from './door.ts';
import { apiServerOf, type Effects } from './effects.ts';
import type { Machines } from './machines.ts';

export interface Hands {
  machines: Machines;
  /** By plane. */
  doors: Record<string, Door>;
  /** Has new pods of a member live so: its kwok is started again. */
  live(member: string, life: PodLife): Promise<void>;
}

export interface Enactor {
  /** Resolves when everything is as wanted; rejects with all that could not be done, and tries that again next time. */
  enact(wanted: Effects): Promise<void>;
}

/** @param initial what is in force when nothing has been enacted yet. */
export function createEnactor(hands: Hands, initial: Effects): Enactor {
  const now: Effects = {
    doors: { ...initial.doors },
    held: new Set(initial.held),
    frozen: new Set(initial.frozen),
    lives: { ...initial.lives },
  };
  let turning: Promise<unknown> = Promise.resolve();

  async function turn(wanted: Effects): Promise<void> {
    const failures: string[] = [];
    for (const step of steps(now, wanted, hands))
      try {
        await step();
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    if (failures.length > 0) throw new Error(failures.join('; '));
  }

  return {
    enact(wanted) {
      const done = turning.then(() => turn(wanted));
      turning = done.catch(() => undefined);
      return done;
    },
  };
}

type Step = () => Promise<void>;

/** Each is looked for when those before it are done. */
function* steps(now: Effects, wanted: Effects, { machines, doors, live }: Hands): Generator<Step> {
  for (const set of ['frozen', 'held'] as const)
    for (const name of missing(now[set], wanted[set]))
      yield async () => {
        await machines.release(name);
        now[set].delete(name);
      };
  // A door opens when what is behind it is there again, and shuts before that dies.
  for (const [plane, state] of Object.entries(wanted.doors))
    if (!isDeepStrictEqual(state, now.doors[plane]))
      yield async () => {
        await doors[plane]?.set(state);
        now.doors[plane] = state;
      };
  for (const name of missing(wanted.held, now.held))
    yield async () => {
      await machines.hold(name);
      now.held.add(name);
    };
  // kwok does not start without its API server: when that comes back, this is done.
  for (const [member, life] of Object.entries(wanted.lives))
    if (!isDeepStrictEqual(life, now.lives[member]) && !now.held.has(apiServerOf(member)))
      yield async () => {
        await live(member, life);
        now.lives[member] = life;
        now.frozen.delete(`${member}/kwok`);
      };
  for (const name of missing(wanted.frozen, now.frozen))
    yield async () => {
      machines.freeze(name);
      now.frozen.add(name);
    };
}

const missing = (from: Set<string>, other: Set<string>) => [...from].filter((name) => !other.has(name));

/** A federation that has nothing but the fleet lock. */
import type { Ports } from '../../activities/ports/ports.ts';

export interface ToyLock {
  holder: string | undefined;
  /** The lock is taken at once, but its answer takes this long, ms. */
  answerMs: number;
  /** Releasing it is refused. */
  stuck: boolean;
  ports: Ports;
}

export function toyLock(): ToyLock {
  const answer = () => new Promise((resolve) => setTimeout(resolve, lock.answerMs));
  const federation = {
    version: async () => 'v1',
    whoAmI: async () => ({ user: 'toy', groups: [] }),
    expiries: () => [],
    async acquireLock(holder: string) {
      lock.holder ??= holder;
      await answer();
      return { acquired: lock.holder === holder, holder: lock.holder, since: '', where: 'toy/lock' };
    },
    async releaseLock(holder: string) {
      if (lock.stuck) throw new Error('403');
      if (lock.holder === holder) lock.holder = undefined;
      return lock.holder === undefined;
    },
  };
  const lock: ToyLock = {
    holder: undefined,
    answerMs: 0,
    stuck: false,
    ports: { federation: () => federation } as unknown as Ports,
  };
  return lock;
}

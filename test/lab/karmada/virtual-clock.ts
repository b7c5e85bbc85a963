import type { Clock } from '../../../lab/clock.ts';

export interface VirtualClock extends Clock {
  /** Runs everything that is due within `ms`, in order of its time. */
  advance(ms: number): void;
}

/** Time that passes only when told: a drill of minutes takes milliseconds, always in the same order. */
export function virtualClock(startMs = Date.parse('2026-11-02T03:00:00Z')): VirtualClock {
  let now = startMs;
  let last = 0;
  const due = new Map<number, { at: number; handler: () => void }>();

  function next(until: number): [number, { at: number; handler: () => void }] | undefined {
    let found: [number, { at: number; handler: () => void }] | undefined;
    for (const entry of due) if (entry[1].at <= until && (!found || entry[1].at < found[1].at)) found = entry;
    return found;
  }

  return {
    now: () => now,
    after(ms, handler) {
      const id = last++;
      due.set(id, { at: now + Math.max(0, ms), handler });
      return () => due.delete(id);
    },
    advance(ms) {
      const until = now + ms;
      for (let found = next(until); found; found = next(until)) {
        const [id, { at, handler }] = found;
        due.delete(id);
        now = Math.max(now, at);
        handler();
      }
      now = until;
    },
  };
}

/**
 * An open loop: requests leave when they are due, whatever became of those before, and latency counts from when
 * they were due. A closed loop (hey, ab) slows down with its target and so hides the very outage it should show.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Shot } from '../ports/load.ts';
import { dueMs, type Rate } from './schedule.ts';

export interface Flight {
  rate: Rate;
  /** Indexes of the requests, `until` excluded. */
  from: number;
  until: number;
  /** More than so many under way: the next one is not sent and counts as dropped. */
  inFlight: number;
  /** Epoch ms, monotonic. */
  clock(): number;
  send(n: number): Promise<Shot>;
  /** Once for every request that was due before the end. */
  onOutcome(outcome: Outcome): void;
  signal: AbortSignal;
}

export interface Outcome {
  n: number;
  shot: Shot;
  /** Due → end, ms. */
  latencyMs: number;
  /** Due → sent, ms: the generator's own delay. */
  lagMs: number;
  endedMs: number;
}

const dropped: Shot = {
  class: 'dropped',
  error: 'not sent: too many requests under way',
  routed: '',
  served: '',
  pod: '',
  bytes: 0,
};

/** Resolves, when every request sent has ended, with the index of the first one not sent: `until` unless aborted. */
export async function openLoop(flight: Flight): Promise<number> {
  const underWay = new Set<Promise<void>>();
  let n = flight.from;
  while (n < flight.until && !flight.signal.aborted) {
    const waitMs = dueMs(flight.rate, n) - flight.clock();
    if (waitMs > 0) {
      await pause(waitMs, undefined, { signal: flight.signal }).catch(() => undefined);
      continue;
    }
    if (underWay.size >= flight.inFlight) flight.onOutcome(outcomeOf(flight, n, dropped, -waitMs));
    else launch(n, -waitMs);
    n += 1;
  }
  await Promise.all(underWay);
  return n;

  function launch(index: number, lagMs: number) {
    const one = flight
      .send(index)
      .then((shot) => flight.onOutcome(outcomeOf(flight, index, shot, lagMs)))
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
}

function outcomeOf(flight: Flight, n: number, shot: Shot, lagMs: number): Outcome {
  const endedMs = flight.clock();
  return { n, shot, lagMs, endedMs, latencyMs: endedMs - dueMs(flight.rate, n) };
}

/** Asks the load balancer at a steady rate, each time on a new connection, and keeps the answers in sent order. */
import type { RequestClass } from '../../dsl/window.ts';
import type { Requester, Target } from '../ports/requester.ts';

export interface Sample {
  sentMs: number;
  class: RequestClass;
  /** Whether anything spoke HTTP at all. */
  answered: boolean;
  /** '' when nobody can be named. */
  routed: string;
}

export interface Sampling {
  requester: Requester;
  target: Target;
  perSecond: number;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Calls `decide` with each answer as soon as all earlier ones are there: a request that still hangs may be the
 * one that was sent to the victim. Ends when `decide` returns true, or at `untilMs`; rejects on `signal`.
 */
export async function sample(
  { requester, target, perSecond, timeoutMs, signal }: Sampling,
  untilMs: number,
  decide: (sample: Sample) => boolean,
): Promise<'decided' | 'out of time'> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const waiting: (Sample | undefined)[] = [];
  let taken = 0;
  let decided = false;
  const startedMs = Date.now();

  async function ask(index: number): Promise<void> {
    const sentMs = Date.now();
    const answer = await requester.request(target, { timeoutMs, signal: both });
    if (both.aborted) return;
    const { class: kind, routed, status } = answer;
    waiting[index] = { sentMs, class: kind, routed, answered: status !== undefined };
    for (let next = waiting[taken]; next !== undefined && !decided; next = waiting[taken]) {
      // Taken ones are dropped: a long wait must not grow.
      delete waiting[taken];
      taken += 1;
      decided = decide(next);
    }
    if (decided) stop.abort();
  }

  try {
    for (let index = 0; !decided && Date.now() < untilMs; index += 1) {
      void ask(index);
      await until(startedMs + ((index + 1) * 1000) / perSecond, both);
      signal.throwIfAborted();
    }
    return decided ? 'decided' : 'out of time';
  } finally {
    stop.abort();
  }
}

/** Resolves at a moment, or at once when `signal` is aborted. */
function until(atMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, atMs - Date.now()));
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Asks Azure again where waiting helps, as long as the attempt has time: Retry-After first, else ever longer. */

import { sleep } from '../../activities/sleep.ts';
import { isMissing, mayPass, retryAfterMs, type Subject, toFailure } from './failures.ts';

const FIRST_MS = 500;
const LONGEST_MS = 8_000;

/**
 * Runs `ask` until it does not say 409, 412, 429 or 5xx. `tries` bounds what is read; a change waits for as long
 * as `signal` lets it.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  subject: Subject,
  signal: AbortSignal,
  tries = Number.POSITIVE_INFINITY,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error) || attempt >= tries) throw toFailure(error, subject);
      await sleep(retryAfterMs(error) ?? Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS), signal);
    }
  }
}

/** The same for one resource that may not be there. */
export function orMissing<T>(ask: () => Promise<T>): () => Promise<T | undefined> {
  return async () => {
    try {
      return await ask();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
}

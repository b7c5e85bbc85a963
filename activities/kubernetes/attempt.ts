/** An act is done in short attempts: what does not fit says so and is called again. */

/** Well inside the 30 s an attempt has, so that it ends by itself and not by its fence. */
export const ATTEMPT_MS = 20_000;

export function attemptEnds(deadlineMs: number): () => boolean {
  const untilMs = Math.min(Date.now() + ATTEMPT_MS, deadlineMs);
  return () => Date.now() >= untilMs;
}

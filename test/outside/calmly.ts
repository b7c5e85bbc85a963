/** A drill on a machine that may be too busy to measure. */
import type { Conclusion } from '../../workflows/protocol.ts';

/**
 * A machine so busy that the load generator measured itself ends a drill `inconclusive`, as it must. That, and only
 * that, is tried again; what is expected never changes.
 *
 * @param attempts in all.
 */
export async function calmly<T extends { conclusion: Conclusion }>(
  drill: () => Promise<T>,
  attempts = 2,
): Promise<T> {
  const done = await drill();
  if (attempts === 1 || !starved(done.conclusion)) return done;
  console.warn(`THE MACHINE IS TOO BUSY, TRYING ONCE MORE: ${done.conclusion.causes.join('; ')}`);
  return await calmly(drill, attempts - 1);
}

function starved({ verdict, causes }: Conclusion): boolean {
  return verdict === 'inconclusive' && causes[0]?.startsWith('The generator measured itself') === true;
}

/** Many of the same, a few at a time. */

/**
 * Calls `each` for every item, for at most `atOnce` of them at a time; an item whose turn has come waits for no other.
 * After a failure no more are begun, and it is thrown when none is under way any more.
 * @returns Results in the order of the items.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  each: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const waiting = items.entries();
  let failure: { error: unknown } | undefined;
  async function work(): Promise<void> {
    for (const [index, item] of waiting)
      try {
        if (failure) return;
        results[index] = await each(item);
      } catch (error) {
        failure ??= { error };
      }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failure) throw failure.error;
  return results;
}

/**
 * Planes that are asked at a time: hundreds at once would only wait for each other's TLS handshakes on one thread,
 * while the time that each has runs. Enough that some that hang do not hold up the others.
 */
export const PLANES_AT_ONCE = 32;

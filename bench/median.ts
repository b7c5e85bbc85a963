/** What one benchmark run is told by: the middle of what was measured. */
export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Two ways of doing the same, taking turns, each first as often as the other. Returns what each took, by pair. */
export async function inTurns<T>(
  pairs: number,
  one: () => Promise<T>,
  other: () => Promise<T>,
): Promise<[T, T][]> {
  const measured: [T, T][] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const swapped = pair % 2 === 1;
    const first = await (swapped ? other() : one());
    const second = await (swapped ? one() : other());
    measured.push(swapped ? [second, first] : [first, second]);
  }
  return measured;
}

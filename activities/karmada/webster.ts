/**
 * How Karmada divides replicas by weights: Webster's method, seat by seat to the highest weight / (2 seats + 1).
 * Learned from karmada pkg/util/helper/webstermethod.go and binding.go (v1.18): a tie goes to who has fewer
 * seats, then by name, whose direction hangs on the workload's uid.
 */
import type { Spread } from '../ports/federation.ts';

export function divide(replicas: number, weights: Spread, uid: string): Spread {
  const names = Object.keys(weights).filter((name) => weights[name]! > 0);
  const seats: Spread = Object.fromEntries(names.map((name) => [name, 0]));
  if (names.length === 0) return seats;
  const descending = uid !== '' && (fnv1a(uid) & 1) === 1;
  const first = (one: string, other: string) => (one < other !== descending ? one : other);
  for (let left = replicas; left > 0; left--) {
    const next = names.reduce((best, name) => {
      const difference = priority(name) - priority(best);
      if (difference !== 0) return difference > 0 ? name : best;
      if (seats[name] !== seats[best]) return seats[name]! < seats[best]! ? name : best;
      return first(name, best);
    });
    seats[next] = seats[next]! + 1;
  }
  return seats;

  function priority(name: string): number {
    return weights[name]! / (2 * seats[name]! + 1);
  }
}

/** 32-bit FNV-1a, as Go's hash/fnv. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

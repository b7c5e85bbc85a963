/** Whether the lab's objects are as they were. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Comparable } from '../../lab/comparison.ts';
import type { Checkout } from './checkout.ts';

const SETTLE_MS = 15_000;

/** What stays different from before, path by path; the clusters' controllers get a moment to settle. */
export async function differences(checkout: Checkout, before: Comparable): Promise<string[]> {
  const untilMs = Date.now() + SETTLE_MS;
  for (;;) {
    const found = between(before, await checkout.lab<Comparable>('GET', '/objects'));
    if (found.length === 0 || Date.now() > untilMs) return found;
    await sleep(500);
  }
}

function between(before: Comparable, now: Comparable): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((plane) =>
    differing(before[plane], now[plane]).map((difference) => `${plane} ${difference}`),
  );
}

/** Paths at which two values differ, each with both. */
function differing(was: unknown, is: unknown): string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (!isObject(was) || !isObject(is)) return [`${JSON.stringify(was)} → ${JSON.stringify(is)}`];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
    differing(was[key], is[key]).map((difference) => `${key} ${difference}`),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

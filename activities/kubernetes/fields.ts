/** Fields of an object that we wrote: do they still hold what we wrote, and what did they hold before? Pure. */
import type { Json } from '../../dsl/plan.ts';

/** Is everything that was written there? What the server or others added beside it does not matter. */
export function covers(written: unknown, found: unknown): boolean {
  if (isRecord(written))
    return isRecord(found) && Object.entries(written).every(([key, value]) => covers(value, found[key]));
  if (Array.isArray(written))
    return (
      Array.isArray(found) &&
      written.length === found.length &&
      written.every((value, index) => covers(value, found[index]))
    );
  return written === found;
}

export interface Reversal {
  /** Merge patch that puts back what we changed; undefined when there is nothing to put back. */
  patch: Record<string, unknown> | undefined;
  /** Fields that somebody has changed since: they are left. */
  left: { path: string; before: Json; now: Json }[];
}

/** Lists are taken whole: a merge patch cannot do otherwise. */
export function reversal(written: unknown, before: unknown, now: unknown): Reversal {
  const left: Reversal['left'] = [];
  return { patch: patchOf(written, before, now, '', left), left };
}

function patchOf(
  written: unknown,
  before: unknown,
  now: unknown,
  path: string,
  left: Reversal['left'],
): Record<string, unknown> | undefined {
  if (!isRecord(written) || !isRecord(now)) return undefined;
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    const was = isRecord(before) ? before[key] : undefined;
    const is = now[key];
    if (covers(value, was)) continue;
    if (isRecord(value) && isRecord(is) && isRecord(was)) {
      const inner = patchOf(value, was, is, `${path}${key}.`, left);
      if (inner) patch[key] = inner;
    } else if (covers(value, is)) patch[key] = was ?? null;
    else if (JSON.stringify(is) !== JSON.stringify(was))
      left.push({ path: `${path}${key}`, before: (was ?? null) as Json, now: (is ?? null) as Json });
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** Where the written fields differ between two states. */
export function changedFields(written: unknown, before: unknown, now: unknown, path = ''): Reversal['left'] {
  if (!isRecord(written))
    return sameJson(before, now)
      ? []
      : [{ path, before: (before ?? null) as Json, now: (now ?? null) as Json }];
  return Object.entries(written).flatMap(([key, value]) =>
    changedFields(value, field(before, key), field(now, key), path === '' ? key : `${path}.${key}`),
  );
}

const field = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);
const sameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

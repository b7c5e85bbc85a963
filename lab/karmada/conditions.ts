import type { Condition } from './types.ts';

/** The list with `condition` in it; the transition time moves only when its status does. */
export function withCondition(
  conditions: readonly Condition[] = [],
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: string,
): Condition[] {
  const before = conditions.find(({ type }) => type === condition.type);
  const since = before?.status === condition.status ? (before.lastTransitionTime ?? now) : now;
  const written = { ...condition, lastTransitionTime: since };
  if (!before) return [...conditions, written];
  return conditions.map((each) => (each === before ? written : each));
}

export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((each) => each.type === type);
}

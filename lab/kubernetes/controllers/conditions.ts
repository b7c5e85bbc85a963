/** Conditions of a status. */
import { timestamp } from '../../clock.ts';
import type { KubeObject } from '../../store.ts';

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  observedGeneration?: number;
  /** Always null: a field nobody fills any more. */
  lastProbeTime?: null;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return (object.status?.conditions as Condition[] | undefined)?.find((each) => each.type === type);
}

export function isTrue(object: KubeObject, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

/** Keeps the time of the last transition while the status is the same. */
export function setCondition(object: KubeObject, condition: Condition, now: number): void {
  object.status ??= {};
  object.status.conditions ??= [];
  const conditions = object.status.conditions as Condition[];
  const before = conditions.find((each) => each.type === condition.type);
  const lastTransitionTime =
    before?.status === condition.status && before.lastTransitionTime !== undefined
      ? before.lastTransitionTime
      : timestamp(now);
  const next = { ...condition, lastTransitionTime };
  if (before === undefined) conditions.push(next);
  else conditions[conditions.indexOf(before)] = next;
}

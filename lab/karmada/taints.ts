/** Cluster taints and the tolerations of a placement, by Kubernetes' own matching rules. */
import type { Taint, Toleration } from './types.ts';

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? '');
}

/** The first taint that keeps new work away and is not tolerated. */
export function repellingTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] = [],
): Taint | undefined {
  return taints.find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/**
 * How long NoExecute taints are still borne, in milliseconds: 0 evicts now, Infinity never.
 * As in Karmada the first toleration that matches a taint counts, and the earliest end of all wins.
 */
export function toleratedForMs(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  nowMs: number,
): number {
  let least = Infinity;
  for (const taint of taints.filter((each) => each.effect === 'NoExecute')) {
    const used = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!used) return 0;
    if (used.tolerationSeconds === undefined || !taint.timeAdded) continue;
    const endsAt = Date.parse(taint.timeAdded) + used.tolerationSeconds * 1000;
    least = Math.min(least, Math.max(0, endsAt - nowMs));
  }
  return least;
}

export function sameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

export function taintText(taint: Taint): string {
  return taint.value ? `${taint.key}=${taint.value}:${taint.effect}` : `${taint.key}:${taint.effect}`;
}

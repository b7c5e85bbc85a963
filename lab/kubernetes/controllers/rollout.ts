/** How a deployment's ReplicaSets are scaled: Recreate, or rolling within maxSurge and maxUnavailable. */
import type { KubeObject } from '../../store.ts';

type Scaling = [set: KubeObject, replicas: number];

export interface Rollout {
  maxSurge: number;
  maxUnavailable: number;
  /** The replicas each ReplicaSet should have now. */
  next(current: KubeObject, old: KubeObject[]): Scaling[];
}

/** A number, or a percentage of the replicas. */
export function resolve(
  value: number | string | undefined,
  of: number,
  round: (n: number) => number,
): number {
  if (typeof value !== 'string') return value ?? 0;
  return round((Number.parseFloat(value) / 100) * of);
}

function replicasOf(set: KubeObject): number {
  return set.spec.replicas ?? 0;
}

function availableOf(set: KubeObject): number {
  return Math.min(set.status?.availableReplicas ?? 0, replicasOf(set));
}

function sum(sets: KubeObject[], of: (set: KubeObject) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}

export function rollout(spec: KubeObject['spec']): Rollout {
  const wanted = spec.replicas as number;
  const rolling = spec.strategy?.rollingUpdate ?? {};
  const maxSurge = resolve(rolling.maxSurge, wanted, Math.ceil);
  const floor = resolve(rolling.maxUnavailable, wanted, Math.floor);
  const recreate = spec.strategy?.type === 'Recreate';
  const maxUnavailable = recreate ? wanted : maxSurge === 0 && floor === 0 ? 1 : floor;
  return {
    maxSurge,
    maxUnavailable,
    next(current, old) {
      const active = old.filter((set) => replicasOf(set) > 0);
      if (recreate) {
        const stopped = sum(old, (set) => set.status?.replicas ?? 0) === 0 && active.length === 0;
        return [
          ...active.map((set): Scaling => [set, 0]),
          ...(stopped ? [[current, wanted] as Scaling] : []),
        ];
      }
      if (active.length === 0) return [[current, wanted]];
      return [...shrunk(current, active, wanted - maxUnavailable), grown(current, active, wanted, maxSurge)];
    },
  };
}

function grown(current: KubeObject, old: KubeObject[], wanted: number, maxSurge: number): Scaling {
  const room = wanted + maxSurge - sum([current, ...old], replicasOf);
  const now = replicasOf(current);
  return [current, now > wanted ? wanted : Math.min(wanted, now + Math.max(0, room))];
}

/** Old pods that serve nobody go first; then as many others as the minimum leaves. */
function shrunk(current: KubeObject, old: KubeObject[], minimum: number): Scaling[] {
  const unready = replicasOf(current) - availableOf(current);
  let removable = sum([current, ...old], replicasOf) - minimum - unready;
  const scalings = new Map(old.map((set) => [set, replicasOf(set)]));
  for (const set of old) {
    const broken = Math.min(replicasOf(set) - availableOf(set), Math.max(0, removable));
    scalings.set(set, replicasOf(set) - broken);
    removable -= broken;
  }
  let spare = Math.min(removable, sum([current, ...old], availableOf) - minimum);
  for (const set of old) {
    const left = scalings.get(set) as number;
    const taken = Math.min(left, Math.max(0, spare));
    scalings.set(set, left - taken);
    spare -= taken;
  }
  return [...scalings];
}

/** When a binding is scheduled again. Cluster changes alone move nothing that is divided and whose sum is right. */
import { isDeepStrictEqual } from 'node:util';
import type { Binding, BindingSpec, Placement } from '../types.ts';
import { isWorkload } from './divide.ts';

/** Asked for after the last scheduling; both in whole seconds, so never within the same one. */
export function isRebalance({ spec, status }: Binding): boolean {
  if (!spec.rescheduleTriggeredAt || !status?.lastScheduledTime) return false;
  return Date.parse(spec.rescheduleTriggeredAt) > Date.parse(status.lastScheduledTime);
}

/** Whether a binding has to be scheduled (again) at all. */
export function isDue(binding: Binding, applied: Placement | undefined, terminating: Set<string>): boolean {
  const { spec, status } = binding;
  if (placementChanged(spec.placement ?? {}, applied, status?.schedulerObservingAffinityName)) return true;
  if (replicasChanged(spec) || isRebalance(binding)) return true;
  if (!isWorkload(spec) || !isDivided(spec)) return true;
  return spec.clusters?.some(({ name }) => terminating.has(name)) ?? false;
}

function isDivided({ placement }: BindingSpec): boolean {
  return placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
}

function replicasChanged(spec: BindingSpec): boolean {
  if (!spec.placement?.replicaScheduling) return false;
  const targets = spec.clusters ?? [];
  if (!isDivided(spec)) return targets.some((target) => (target.replicas ?? 0) !== (spec.replicas ?? 0));
  return targets.reduce((sum, target) => sum + (target.replicas ?? 0), 0) !== (spec.replicas ?? 0);
}

/** Of ordered affinities only the one in use counts. */
function placementChanged(placement: Placement, applied: Placement | undefined, observed?: string): boolean {
  if (!applied) return true;
  const { clusterAffinities: now, ...rest } = placement;
  const { clusterAffinities: before, ...restBefore } = applied;
  if (!isDeepStrictEqual(rest, restBefore)) return true;
  if (isDeepStrictEqual(now, before)) return false;
  const inUse = now?.find(({ affinityName }) => affinityName === observed);
  const wasInUse = before?.find(({ affinityName }) => affinityName === observed);
  return !inUse || !wasInUse || !isDeepStrictEqual(inUse, wasInUse);
}

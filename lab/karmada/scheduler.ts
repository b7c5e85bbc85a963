/** The scheduler: binding → spec.clusters, its conditions and what it observed. */
import { timestamp } from '../clock.ts';
import {
  allBindings,
  allClusters,
  BINDINGS,
  bindingOf,
  CLUSTER_BINDINGS,
  CLUSTERS,
  updateBinding,
} from './bindings.ts';
import { withCondition } from './conditions.ts';
import { type Context, Retry } from './context.ts';
import { inform, isNewGeneration } from './informer.ts';
import { annotation } from './names.ts';
import { createQueue, keyOf } from './queue.ts';
import { NoRoom } from './scheduling/divide.ts';
import { isDue } from './scheduling/due.ts';
import { NoClusterFit, schedule } from './scheduling/schedule.ts';
import { Unspreadable } from './scheduling/spread.ts';
import type { Binding, BindingStatus, Condition } from './types.ts';

export function startScheduler(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'scheduler', timings.scheduleMs, (key) => {
    const binding = bindingOf(federation, key);
    if (!binding?.spec.placement || binding.metadata.deletionTimestamp) return undefined;
    const applied = binding.metadata.annotations?.[annotation.appliedPlacement];
    const clusters = allClusters(federation);
    const leaving = clusters.filter(({ metadata }) => metadata.deletionTimestamp);
    const terminating = new Set(leaving.map(({ metadata }) => metadata.name));
    if (!isDue(binding, applied ? JSON.parse(applied) : undefined, terminating)) {
      observe(context, key, binding);
      return undefined;
    }
    decide(context, key, binding);
    return bindingOf(federation, key)?.metadata.generation === binding.metadata.generation
      ? undefined
      : timings.observeMs;
  });
  const stops = [
    inform(federation, [BINDINGS, CLUSTER_BINDINGS], (change) => {
      if (change.type !== 'DELETED' && isNewGeneration(change)) queue.add(keyOf(change.object));
    }),
    inform(federation, [CLUSTERS], (change) => {
      // A new Cluster schedules nothing yet: the taints it gets and loses are what does.
      if (change.type === 'MODIFIED' && (isNewGeneration(change) || relabelled(change)))
        for (const binding of allBindings(federation)) queue.add(keyOf(binding));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function relabelled({ object, before }: { object: Binding | object; before?: object }): boolean {
  const labels = (of: object | undefined) => JSON.stringify((of as Binding)?.metadata.labels ?? {});
  return labels(object) !== labels(before);
}

function decide(context: Context, key: string, binding: Binding): void {
  const { federation } = context;
  try {
    const { clusters, affinityName } = schedule(binding, allClusters(federation));
    writeTargets(context, key, binding, clusters);
    writeStatus(context, key, (status, now) => {
      status.conditions = withCondition(status.conditions, scheduled, now);
      // Of the generation that was decided on; what the decision itself wrote is observed in the next round.
      status.schedulerObservedGeneration = binding.metadata.generation ?? 0;
      status.lastScheduledTime = now;
      if (affinityName) status.schedulerObservingAffinityName = affinityName;
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    if (error instanceof NoClusterFit) writeTargets(context, key, binding, []);
    writeStatus(context, key, (status, now) => {
      status.conditions = withCondition(status.conditions, refusal, now);
    });
    if (!(error instanceof NoClusterFit)) throw new Retry(refusal.message);
  }
}

function writeTargets(
  { federation }: Context,
  key: string,
  binding: Binding,
  clusters: Binding['spec']['clusters'],
): void {
  updateBinding(federation, key, ({ metadata, spec }) => {
    const placement = JSON.stringify(binding.spec.placement);
    metadata.annotations = { ...metadata.annotations, [annotation.appliedPlacement]: placement };
    if (clusters?.length) spec.clusters = clusters;
    else delete spec.clusters;
  });
}

function observe(context: Context, key: string, binding: Binding): void {
  if (binding.metadata.generation === binding.status?.schedulerObservedGeneration) return;
  writeStatus(context, key, (status) => {
    status.schedulerObservedGeneration = binding.metadata.generation ?? 0;
  });
}

function writeStatus(
  { federation, clock }: Context,
  key: string,
  change: (status: BindingStatus, now: string) => void,
): void {
  updateBinding(federation, key, (binding) => {
    binding.status = { ...binding.status };
    change(binding.status, timestamp(clock.now()));
  });
}

const scheduled: Condition = {
  type: 'Scheduled',
  status: 'True',
  reason: 'Success',
  message: 'Binding has been scheduled successfully.',
};

function refusalOf(error: unknown): Condition | undefined {
  const refused = (reason: string, { message }: Error): Condition => ({
    type: 'Scheduled',
    status: 'False',
    reason,
    message,
  });
  if (error instanceof NoClusterFit) return refused('NoClusterFit', error);
  if (error instanceof NoRoom) return refused('Unschedulable', error);
  if (error instanceof Unspreadable) return refused('SchedulerError', error);
  return undefined;
}

/**
 * WorkloadRebalancer: asks for a fresh scheduling, once, as of the second it was created in. `Successful` says only
 * that it asked: in the same second as the last scheduling, or while no other result is possible, nothing moves.
 */
import { timestamp } from '../clock.ts';
import type { KubeObject } from '../store.ts';
import { bindingOf, updateBinding } from './bindings.ts';
import type { Context } from './context.ts';
import { inform } from './informer.ts';
import { bindingName } from './names.ts';
import { createQueue, keyFor } from './queue.ts';

const REBALANCERS = 'apps.karmada.io/workloadrebalancers';

interface Workload {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

interface Observed {
  workload: Workload;
  result: 'Successful' | 'Failed';
  reason?: string;
}

export function startRebalancer(context: Context): () => void {
  const { federation, timings, clock } = context;
  const queue = createQueue(context, 'workload-rebalancer', timings.rebalanceMs, (name) => {
    const rebalancer = federation.get(REBALANCERS, undefined, name);
    if (!rebalancer || rebalancer.metadata.deletionTimestamp) return undefined;
    if (!isObserved(rebalancer)) rebalance(context, rebalancer);
    return expire(context, name);
  });

  function expire({ federation: store }: Context, name: string): number | undefined {
    const rebalancer = store.get(REBALANCERS, undefined, name);
    const ttl = rebalancer?.spec.ttlSecondsAfterFinished;
    const finished = rebalancer?.status?.finishTime;
    if (ttl === undefined || finished === undefined) return undefined;
    const leftMs = Date.parse(finished) + ttl * 1000 - clock.now();
    if (leftMs > 0) return leftMs;
    store.remove(REBALANCERS, undefined, name);
    return undefined;
  }

  const stop = inform(federation, [REBALANCERS], ({ type, object }) => {
    if (type !== 'DELETED') queue.add(object.metadata.name);
  });
  return () => {
    stop();
    queue.stop();
  };
}

function isObserved({ metadata, status }: KubeObject): boolean {
  return status?.finishTime !== undefined && status.observedGeneration === metadata.generation;
}

function rebalance(context: Context, rebalancer: KubeObject): void {
  const { federation, clock } = context;
  const createdAt = rebalancer.metadata.creationTimestamp ?? '';
  const done: Observed[] = rebalancer.status?.observedWorkloads ?? [];
  const observedWorkloads = (rebalancer.spec.workloads as Workload[]).map(
    (workload) =>
      done.find((each) => isSame(each.workload, workload)) ?? trigger(context, workload, createdAt),
  );
  federation.update(REBALANCERS, undefined, rebalancer.metadata.name, (object) => {
    object.status = {
      observedWorkloads,
      observedGeneration: rebalancer.metadata.generation,
      finishTime: timestamp(clock.now()),
    };
  });
}

function trigger({ federation }: Context, workload: Workload, createdAt: string): Observed {
  const key = keyFor(workload.namespace, bindingName(workload.kind, workload.name));
  if (!bindingOf(federation, key)) return { workload, result: 'Failed', reason: 'ReferencedBindingNotFound' };
  updateBinding(federation, key, ({ spec }) => {
    const before = spec.rescheduleTriggeredAt;
    if (!before || Date.parse(createdAt) > Date.parse(before)) spec.rescheduleTriggeredAt = createdAt;
  });
  return { workload, result: 'Successful' };
}

function isSame(a: Workload, b: Workload): boolean {
  return (
    a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
  );
}

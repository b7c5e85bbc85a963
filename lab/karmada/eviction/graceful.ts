/**
 * Graceful eviction: a task, and with it the old pods, goes as soon as every target is *reported* Healthy. Right
 * after scheduling these are the reports of before the move, hence a race that Karmada loses more often than not.
 */
import { timestamp } from '../../clock.ts';
import type { StoredChange } from '../../kubernetes/store.ts';
import { BINDINGS, bindingOf, CLUSTER_BINDINGS, updateBinding } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { createQueue, keyOf } from '../queue.ts';
import { isWorkload } from '../scheduling/divide.ts';
import type { Binding, EvictionTask } from '../types.ts';

/** --graceful-eviction-timeout */
const TIMEOUT_SECONDS = 600;

export function startGracefulEviction(context: Context): () => void {
  const { federation, timings } = context;
  /** Until when a binding's tasks are not judged, so that the reports of after the move are in. */
  const late = new Map<string, number>();
  let lost = false;

  const queue = createQueue(context, 'graceful-eviction', timings.assessEarlyMs, (key) => {
    const binding = bindingOf(federation, key);
    if (!binding || binding.metadata.deletionTimestamp) return undefined;
    startTasks(context, key, binding);
    const waitMs = (late.get(key) ?? 0) - context.clock.now();
    return waitMs > 0 ? waitMs : assess(context, key, binding);
  });

  /** Decided anew for each move of a workload. */
  function keepsThisTime(): boolean {
    const race = context.settings().ungracefulRace;
    if (race === 'alternate') lost = !lost;
    return race === 'keep' || (race === 'alternate' && !lost);
  }

  const stop = inform(federation, [BINDINGS, CLUSTER_BINDINGS], ({ type, object, before }) => {
    const key = keyOf(object);
    const tasks = tasksOf(object);
    if (type === 'DELETED' || tasks.length === 0) {
      late.delete(key);
      return;
    }
    if (tasks.length > tasksOf(before).length && isWorkload((object as Binding).spec) && keepsThisTime())
      late.set(key, context.clock.now() + timings.assessLateMs);
    queue.add(key);
  });
  return () => {
    stop();
    queue.stop();
  };
}

function tasksOf(object: StoredChange['object'] | undefined): EvictionTask[] {
  return (object as Binding | undefined)?.spec.gracefulEvictionTasks ?? [];
}

/** Who evicts leaves it to this controller to say since when. */
function startTasks({ federation, clock }: Context, key: string, binding: Binding): void {
  if (tasksOf(binding).every((task) => task.creationTimestamp)) return;
  const now = timestamp(clock.now());
  updateBinding(federation, key, ({ spec }) => {
    for (const task of spec.gracefulEvictionTasks ?? []) task.creationTimestamp ??= now;
  });
}

function assess({ federation, clock }: Context, key: string, binding: Binding): number | undefined {
  const tasks = tasksOf(binding);
  const nowMs = clock.now();
  const kept = tasks.filter((task) => !task.creationTimestamp || isKept(task, binding, nowMs));
  if (kept.length !== tasks.length)
    updateBinding(federation, key, ({ spec }) => {
      if (kept.length > 0) spec.gracefulEvictionTasks = kept;
      else delete spec.gracefulEvictionTasks;
    });
  const ends = kept.filter((task) => task.suppressDeletion === undefined).map((task) => endOf(task, nowMs));
  return ends.length > 0 ? Math.min(...ends) - nowMs + 1 : undefined;
}

function isKept(task: EvictionTask, binding: Binding, nowMs: number): boolean {
  if (task.suppressDeletion !== undefined) return task.suppressDeletion;
  if (nowMs > endOf(task, nowMs)) return false;
  return !(isObserved(binding) && everyTargetHealthy(binding));
}

function endOf(
  { creationTimestamp, gracePeriodSeconds = TIMEOUT_SECONDS }: EvictionTask,
  nowMs: number,
): number {
  return (creationTimestamp ? Date.parse(creationTimestamp) : nowMs) + gracePeriodSeconds * 1000;
}

function isObserved({ metadata, status }: Binding): boolean {
  return status?.schedulerObservedGeneration === metadata.generation;
}

function everyTargetHealthy({ spec, status }: Binding): boolean {
  return (spec.clusters ?? []).every(
    ({ name }) => status?.aggregatedStatus?.find((item) => item.clusterName === name)?.health === 'Healthy',
  );
}

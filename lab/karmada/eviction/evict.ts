import type { BindingSpec, EvictionTask } from '../types.ts';

/** Takes the cluster out of the targets and leaves a task that keeps its Work until the task is done. */
export function evict(spec: BindingSpec, cluster: string, task: Omit<EvictionTask, 'fromCluster'>): void {
  const target = spec.clusters?.find(({ name }) => name === cluster);
  if (!target) return;
  spec.clusters = spec.clusters?.filter((each) => each !== target) ?? [];
  const tasks = spec.gracefulEvictionTasks ?? [];
  if (tasks.some(({ fromCluster }) => fromCluster === cluster)) return;
  const replicas = target.replicas ? { replicas: target.replicas } : {};
  spec.gracefulEvictionTasks = [...tasks, { fromCluster: cluster, ...replicas, ...task }];
}

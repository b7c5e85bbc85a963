/** Room for pods on a cluster, by resource requests: what the scheduler will look at. */
import type { Node, Pod, Resources } from '../ports/member.ts';

/** What is free on one node. */
export interface Free extends Resources {
  pods: number;
}

export function freeOn(nodes: Node[], pods: Pod[]): Free[] {
  const running = pods.filter((pod) => !['Succeeded', 'Failed'].includes(pod.phase));
  const byNode = Map.groupBy(running, (pod) => pod.node);
  return nodes
    .filter((node) => node.schedulable && node.ready)
    .map((node) => {
      const here = byNode.get(node.name) ?? [];
      return {
        pods: node.allocatable.pods - here.length,
        cpu: node.allocatable.cpu - here.reduce((sum, pod) => sum + pod.requests.cpu, 0),
        memory: node.allocatable.memory - here.reduce((sum, pod) => sum + pod.requests.memory, 0),
      };
    });
}

/** Puts pods of this size onto the free nodes, and takes their room away; returns how many found a place. */
export function take(free: Free[], size: Resources, count: number): number {
  let placed = 0;
  for (const node of free)
    while (placed < count && node.pods >= 1 && node.cpu >= size.cpu && node.memory >= size.memory) {
      node.pods -= 1;
      node.cpu -= size.cpu;
      node.memory -= size.memory;
      placed += 1;
    }
  return placed;
}

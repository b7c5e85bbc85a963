/** Node and resource summaries of a member, as `Cluster.status` carries them. */
import type { MemoryStore } from '../../kubernetes/store.ts';
import type { KubeObject } from '../../store.ts';
import { type Amounts, addAmounts, amountsOf, writeAmounts } from './quantity.ts';

/** `{}` when no node is left: the one sign of a node pool that is gone (zero counts are not written). */
export function nodeSummary(store: MemoryStore): { totalNum?: number; readyNum?: number } {
  const nodes = [...store.peek('core/nodes')];
  const ready = nodes.filter(isReadyNode).length;
  return { ...(nodes.length > 0 && { totalNum: nodes.length }), ...(ready > 0 && { readyNum: ready }) };
}

export function resourceSummary(store: MemoryStore): Record<string, Record<string, string>> {
  const allocatable: Amounts = {};
  const allocated: Amounts = {};
  const allocating: Amounts = {};
  for (const node of store.peek('core/nodes')) addAmounts(allocatable, amountsOf(node.status?.allocatable));
  for (const pod of store.peek('core/pods')) {
    if (['Succeeded', 'Failed'].includes(pod.status?.phase)) continue;
    addAmounts(pod.spec?.nodeName ? allocated : allocating, requestsOf(pod.spec));
  }
  const parts = { allocatable, allocated, allocating };
  const filled = Object.entries(parts).filter(([, amounts]) => Object.keys(amounts).length > 0);
  return Object.fromEntries(filled.map(([name, amounts]) => [name, writeAmounts(amounts)]));
}

/** What one pod of this spec asks for. */
export function requestsOf(podSpec: {
  containers?: { resources?: { requests?: Record<string, string> } }[];
}): Amounts {
  const sum: Amounts = { pods: 1 };
  for (const { resources } of podSpec?.containers ?? []) addAmounts(sum, amountsOf(resources?.requests));
  return sum;
}

function isReadyNode(node: KubeObject): boolean {
  const conditions: { type: string; status: string }[] = node.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

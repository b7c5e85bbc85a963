/** Whether a pod fits on a node: the scheduler's filters, with its words for what does not. */
import type { KubeObject } from '../../store.ts';
import { quantity } from '../quantity.ts';
import { matchesLabels } from '../selectors.ts';

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

export interface Room {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
  pods: number;
}

function requestsOf(pod: KubeObject): Room {
  const room: Room = { cpu: 0, memory: 0, pods: 1 };
  for (const { resources } of pod.spec.containers ?? []) {
    room.cpu += quantity(resources?.requests?.cpu ?? 0);
    room.memory += quantity(resources?.requests?.memory ?? 0);
  }
  return room;
}

/** What is left of a node's allocatable resources. */
export function roomOn(node: KubeObject, bound: KubeObject[]): Room {
  const { cpu = 0, memory = 0, pods = 110 } = node.status?.allocatable ?? {};
  const room: Room = { cpu: quantity(cpu), memory: quantity(memory), pods: quantity(pods) };
  for (const pod of bound.filter((each) => each.spec.nodeName === node.metadata.name)) {
    const used = requestsOf(pod);
    room.cpu -= used.cpu;
    room.memory -= used.memory;
    room.pods -= used.pods;
  }
  return room;
}

export function tolerates(tolerations: Toleration[], { key, value = '', effect }: Taint): boolean {
  return tolerations.some(
    (each) =>
      (each.effect === undefined || each.effect === '' || each.effect === effect) &&
      (each.operator === 'Exists'
        ? !each.key || each.key === key
        : each.key === key && (each.value ?? '') === value),
  );
}

function matchesAffinity(pod: KubeObject, node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {};
  const { nodeSelector = {}, affinity } = pod.spec;
  if (!Object.entries(nodeSelector).every(([label, value]) => labels[label] === value)) return false;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term: object) => matchesLabels(term, labels));
}

/** Why a node does not take a pod; nothing when it does. */
export function refusals(pod: KubeObject, node: KubeObject, bound: KubeObject[]): string[] {
  const tolerations: Toleration[] = pod.spec.tolerations ?? [];
  const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  if (node.spec?.unschedulable && !tolerates(tolerations, unschedulable))
    return ['node(s) were unschedulable'];
  const taint = ((node.spec?.taints ?? []) as Taint[]).find(
    (each) => each.effect !== 'PreferNoSchedule' && !tolerates(tolerations, each),
  );
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
  if (!matchesAffinity(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const [room, wanted] = [roomOn(node, bound), requestsOf(pod)];
  return [
    ...(room.pods < 1 ? ['Too many pods'] : []),
    ...(room.cpu < wanted.cpu ? ['Insufficient cpu'] : []),
    ...(room.memory < wanted.memory ? ['Insufficient memory'] : []),
  ];
}

/** The message of PodScheduled=False. */
export function unschedulableMessage(reasons: string[][]): string {
  if (reasons.length === 0) return 'no nodes available to schedule pods';
  const tally = new Map<string, number>();
  for (const reason of reasons.flat()) tally.set(reason, (tally.get(reason) ?? 0) + 1);
  const texts = [...tally].map(([reason, count]) => `${count} ${reason}`).sort();
  const full = reasons.filter((each) =>
    each.every((reason) => /^(Insufficient|Too many)/.test(reason)),
  ).length;
  const preemption = [
    ...(full > 0 ? [`${full} No preemption victims found for incoming pod`] : []),
    ...(full < reasons.length ? [`${reasons.length - full} Preemption is not helpful for scheduling`] : []),
  ];
  const none = `0/${reasons.length} nodes are available:`;
  return `${none} ${texts.join(', ')}. preemption: ${none} ${preemption.join(', ')}.`;
}

/** node: heartbeats of living nodes, NotReady for silent ones, and the taints that say so. */

import { timestamp } from '../../clock.ts';
import { isNodeDown } from '../../faults.ts';
import type { KubeObject } from '../../store.ts';
import { nodeSize } from '../node-size.ts';
import { conditionOf, isTrue, setCondition } from './conditions.ts';
import { type Cluster, type Controller, keyOf, keysOf } from './controller.ts';
import { tolerates } from './fit.ts';

interface Taint {
  key: string;
  effect: string;
  timeAdded?: string;
}

const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

export function nodeController({ name: cluster, store, clock, faults, settings }: Cluster): Controller {
  const downSince = new Map<string, number>();

  /** The server's own taints follow the node's state; everybody else's are left alone. */
  function setTaint(node: KubeObject, key: string, effects: string[]): void {
    const taints = (node.spec.taints ?? []) as Taint[];
    const kept = taints.filter((taint) => taint.key !== key || effects.includes(taint.effect));
    const missing = effects.filter(
      (effect) => !kept.some((taint) => taint.key === key && taint.effect === effect),
    );
    const next = [...kept, ...missing.map((effect) => ({ key, effect, timeAdded: timestamp(clock.now()) }))];
    if (next.length === 0) delete node.spec.taints;
    else node.spec.taints = next;
  }

  function write(name: string, ready: boolean): void {
    store.update('core/nodes', undefined, name, (node) => {
      node.spec ??= {};
      node.status = { ...nodeSize(settings()), ...node.status };
      const lost = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
      setCondition(
        node,
        ready
          ? {
              type: 'Ready',
              status: 'True',
              reason: 'KubeletReady',
              message: 'kubelet is posting ready status',
            }
          : { type: 'Ready', status: 'Unknown', ...lost },
        clock.now(),
      );
      setTaint(node, UNSCHEDULABLE, node.spec.unschedulable ? ['NoSchedule'] : []);
      setTaint(node, UNREACHABLE, ready ? [] : ['NoSchedule', 'NoExecute']);
    });
  }

  function podsOn(node: string): KubeObject[] {
    return [...store.peek('core/pods')].filter((pod) => pod.spec.nodeName === node);
  }

  function markPods(node: string): void {
    for (const pod of podsOn(node))
      if (isTrue(pod, 'Ready'))
        store.update('core/pods', pod.metadata.namespace, pod.metadata.name, (draft) => {
          const why = { reason: 'NodeNotReady', message: 'Node is not ready' };
          setCondition(draft, { type: 'Ready', status: 'False', ...why }, clock.now());
        });
  }

  function evictPods(node: string): void {
    const taint = { key: UNREACHABLE, effect: 'NoExecute' };
    // The seconds every pod gets by default are a setting here: nobody waits five minutes for a test.
    const forGood = (each: { tolerationSeconds?: number }) => each.tolerationSeconds === undefined;
    for (const { metadata, spec } of podsOn(node))
      if (
        metadata.deletionTimestamp === undefined &&
        !tolerates((spec.tolerations ?? []).filter(forGood), taint)
      )
        store.remove('core/pods', metadata.namespace, metadata.name);
  }

  return {
    name: 'node',
    readsFaults: true,
    all: () => keysOf(store, 'core/nodes'),
    *wakes({ resource, object, type }) {
      if (resource === 'core/nodes' && type !== 'DELETED') yield keyOf(object);
    },
    reconcile(key) {
      const name = key.slice(1);
      const node = store.get('core/nodes', undefined, name);
      if (node === undefined) return undefined;
      if (!isNodeDown(faults, cluster, name)) {
        downSince.delete(name);
        write(name, true);
        return undefined;
      }
      const since = downSince.get(name) ?? clock.now();
      downSince.set(name, since);
      const { nodeGraceMs, nodeEvictionMs } = settings();
      const silent = clock.now() - since;
      if (silent < nodeGraceMs && conditionOf(node, 'Ready')?.status !== 'Unknown')
        return nodeGraceMs - silent;
      write(name, false);
      markPods(name);
      if (silent < nodeGraceMs + nodeEvictionMs) return nodeGraceMs + nodeEvictionMs - silent;
      evictPods(name);
      return undefined;
    },
  };
}

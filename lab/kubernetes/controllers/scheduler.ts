/** scheduler: binds pending pods to nodes that take them, or says of each why not. */
import type { KubeObject } from '../../store.ts';
import { setCondition } from './conditions.ts';
import type { Cluster, Controller } from './controller.ts';
import { refusals, roomOn, unschedulableMessage } from './fit.ts';

const EVERYTHING = 'pending';

function isPending({ metadata, spec }: KubeObject): boolean {
  return !spec.nodeName && metadata.deletionTimestamp === undefined;
}

export function schedulerController({ store, clock }: Cluster): Controller {
  /** Least allocated first; pods of one owner are spread. */
  function score(node: KubeObject, pod: KubeObject, bound: KubeObject[]): number {
    const owner = pod.metadata.ownerReferences?.[0]?.uid;
    const here = bound.filter((each) => each.spec.nodeName === node.metadata.name);
    const siblings = owner
      ? here.filter((each) => each.metadata.ownerReferences?.[0]?.uid === owner).length
      : 0;
    return roomOn(node, bound).cpu - 100 * siblings;
  }

  function bind(pod: KubeObject, node: string): void {
    store.update('core/pods', pod.metadata.namespace, pod.metadata.name, (draft) => {
      draft.spec.nodeName = node;
      setCondition(draft, { type: 'PodScheduled', status: 'True' }, clock.now());
    });
  }

  function refuse(pod: KubeObject, message: string): void {
    store.update('core/pods', pod.metadata.namespace, pod.metadata.name, (draft) => {
      const why = { status: 'False' as const, reason: 'Unschedulable', message };
      setCondition(draft, { type: 'PodScheduled', ...why }, clock.now());
    });
  }

  function schedule(pod: KubeObject): void {
    const nodes = [...store.peek('core/nodes')];
    const bound = [...store.peek('core/pods')].filter(
      ({ spec, status }) => spec.nodeName && !['Succeeded', 'Failed'].includes(status?.phase),
    );
    const reasons = nodes.map((node) => refusals(pod, node, bound));
    const fitting = nodes
      .filter((_, index) => reasons[index]?.length === 0)
      .map((node) => ({ node, score: score(node, pod, bound) }))
      .sort((a, b) => b.score - a.score || (a.node.metadata.name < b.node.metadata.name ? -1 : 1));
    const best = fitting[0];
    if (best === undefined) refuse(pod, unschedulableMessage(reasons));
    else bind(pod, best.node.metadata.name);
  }

  return {
    name: 'scheduler',
    all: () => [EVERYTHING],
    *wakes({ resource, object, type }) {
      if (resource === 'core/nodes') yield EVERYTHING;
      if (resource === 'core/pods' && (type === 'DELETED' || isPending(object))) yield EVERYTHING;
    },
    reconcile() {
      const pending = [...store.peek('core/pods')].filter(isPending);
      for (const pod of pending) schedule(pod);
      return undefined;
    },
  };
}

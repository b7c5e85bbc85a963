/** daemonset: a pod on every node that its template tolerates, cordoned ones included. */
import type { KubeObject } from '../../store.ts';
import { isTrue } from './conditions.ts';
import {
  type Cluster,
  type Controller,
  controlledBy,
  keyOf,
  keysOf,
  ownedBy,
  ownersOf,
  parseKey,
} from './controller.ts';
import { refusals } from './fit.ts';
import { isActive } from './replicaset.ts';

/** What the DaemonSet controller adds to every pod, so that drains and node trouble do not keep it away. */
const tolerations = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
].map((trouble, index) => ({
  key: `node.kubernetes.io/${trouble}`,
  operator: 'Exists',
  effect: index < 2 ? 'NoExecute' : 'NoSchedule',
}));

export function daemonSetController({ store }: Cluster): Controller {
  function podFor(set: KubeObject, node: KubeObject): KubeObject {
    const { template } = set.spec;
    const spec = structuredClone(template.spec);
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...template.metadata,
        name: '',
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace as string,
        ownerReferences: controlledBy(set),
      },
      spec: {
        ...spec,
        nodeName: node.metadata.name,
        tolerations: [...(spec.tolerations ?? []), ...tolerations],
      },
    };
  }

  return {
    name: 'daemonset',
    all: () => keysOf(store, 'apps/daemonsets'),
    *wakes({ resource, object, type }) {
      if (resource === 'apps/daemonsets') yield keyOf(object);
      if (resource === 'core/pods') yield* ownersOf(object, 'DaemonSet');
      if (resource === 'core/nodes' && type !== 'MODIFIED') yield* keysOf(store, 'apps/daemonsets');
    },
    reconcile(key) {
      const set = store.get('apps/daemonsets', ...parseKey(key));
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
      const pods = ownedBy(store, 'core/pods', set).filter(isActive);
      const nodes = [...store.peek('core/nodes')].filter(
        (node) => refusals(podFor(set, node), node, []).length === 0,
      );
      for (const node of nodes)
        if (!pods.some((pod) => pod.spec.nodeName === node.metadata.name))
          store.create('core/pods', podFor(set, node));
      const ready = pods.filter((pod) => isTrue(pod, 'Ready')).length;
      store.update('apps/daemonsets', ...parseKey(key), (draft) => {
        draft.status = {
          currentNumberScheduled: pods.length,
          desiredNumberScheduled: nodes.length,
          numberMisscheduled: 0,
          numberReady: ready,
          numberAvailable: ready,
          updatedNumberScheduled: pods.length,
          observedGeneration: set.metadata.generation,
        };
      });
      return undefined;
    },
  };
}

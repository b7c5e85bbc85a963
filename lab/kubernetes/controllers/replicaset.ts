/** replicaset: as many pods as wanted; of too many, those go first that are missed least. */
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
import { counts } from './deployment.ts';

export function isActive({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase);
}

/** Lower goes first: not bound, not running, not ready, on a node with more of them, younger. */
function rank(pod: KubeObject, pods: KubeObject[]): (number | string)[] {
  const together = pods.filter((each) => each.spec.nodeName === pod.spec.nodeName).length;
  return [
    pod.spec.nodeName ? 1 : 0,
    pod.status?.phase === 'Running' ? 1 : 0,
    isTrue(pod, 'Ready') ? 1 : 0,
    -together,
    -Date.parse(pod.metadata.creationTimestamp ?? ''),
    pod.metadata.name,
  ];
}

function byRank(pods: KubeObject[]): KubeObject[] {
  const ranks = new Map(pods.map((pod) => [pod, rank(pod, pods)]));
  return [...pods].sort((a, b) => {
    const [left, right] = [ranks.get(a) ?? [], ranks.get(b) ?? []];
    const at = left.findIndex((value, index) => value !== right[index]);
    return (left[at] ?? 0) < (right[at] ?? 0) ? -1 : 1;
  });
}

export function replicaSetController({ store }: Cluster): Controller {
  function createPod(set: KubeObject): void {
    const { template } = set.spec;
    store.create('core/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...template.metadata,
        name: '',
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace as string,
        ownerReferences: controlledBy(set),
      },
      spec: structuredClone(template.spec),
    });
  }

  function writeStatus(set: KubeObject): void {
    const pods = ownedBy(store, 'core/pods', set).filter(isActive);
    const ready = pods.filter((pod) => isTrue(pod, 'Ready')).length;
    store.update('apps/replicasets', set.metadata.namespace, set.metadata.name, (draft) => {
      draft.status = {
        replicas: pods.length,
        ...counts({ fullyLabeledReplicas: pods.length, readyReplicas: ready, availableReplicas: ready }),
        observedGeneration: set.metadata.generation,
      };
    });
  }

  return {
    name: 'replicaset',
    all: () => keysOf(store, 'apps/replicasets'),
    *wakes({ resource, object }) {
      if (resource === 'apps/replicasets') yield keyOf(object);
      if (resource === 'core/pods') yield* ownersOf(object, 'ReplicaSet');
    },
    reconcile(key) {
      const set = store.get('apps/replicasets', ...parseKey(key));
      if (set === undefined) return undefined;
      if (set.metadata.deletionTimestamp === undefined) {
        const pods = ownedBy(store, 'core/pods', set).filter(isActive);
        const missing = set.spec.replicas - pods.length;
        for (let made = 0; made < missing; made += 1) createPod(set);
        for (const { metadata } of byRank(pods).slice(0, Math.max(0, -missing)))
          store.remove('core/pods', metadata.namespace, metadata.name);
      }
      writeStatus(set);
      return undefined;
    },
  };
}

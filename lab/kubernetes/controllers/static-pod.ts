/** static-pod: the kubelet of the first node puts the mirror of its static pod back whenever it is deleted. */
import type { Cluster, Controller } from './controller.ts';

const NAMESPACE = 'kube-system';

export function staticPodController({ name: cluster, store }: Cluster): Controller {
  const node = `${cluster}-node-0`;
  const name = `node-agent-${node}`;
  return {
    name: 'static-pod',
    all: () => ['/'],
    *wakes({ resource, object, type }) {
      if (resource === 'core/nodes' && type === 'ADDED') yield '/';
      if (resource === 'core/pods' && type === 'DELETED' && object.metadata.name === name) yield '/';
    },
    reconcile() {
      const owner = store.get('core/nodes', undefined, node);
      if (owner === undefined || store.get('core/pods', NAMESPACE, name)) return undefined;
      store.create('core/pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          namespace: NAMESPACE,
          labels: { component: 'node-agent' },
          annotations: {
            'kubernetes.io/config.mirror': '8b0a1f5d',
            'kubernetes.io/config.hash': '8b0a1f5d',
            'kubernetes.io/config.source': 'file',
          },
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'Node',
              name: node,
              uid: owner.metadata.uid as string,
              controller: true,
            },
          ],
        },
        spec: {
          nodeName: node,
          hostNetwork: true,
          containers: [{ name: 'node-agent', image: 'registry.example.com/node-agent:1.4' }],
          tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
        },
      });
      return undefined;
    },
  };
}

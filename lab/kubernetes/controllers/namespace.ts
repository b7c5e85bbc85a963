/** namespace: empties a namespace that is deleted, then lets it go. Runs on the federation too. */
import type { KubeObject } from '../../store.ts';
import type { Cluster, Controller } from './controller.ts';
import { keyOf, keysOf } from './controller.ts';

export function namespaceController({ store }: Cluster): Controller {
  function contents(namespace: string): [resource: string, object: KubeObject][] {
    return store.state().objects.filter(([, { metadata }]) => metadata.namespace === namespace);
  }

  return {
    name: 'namespace',
    all: () => keysOf(store, 'core/namespaces'),
    *wakes({ resource, object, type }) {
      if (resource === 'core/namespaces' && type !== 'DELETED') yield keyOf(object);
      if (type === 'DELETED' && object.metadata.namespace !== undefined)
        yield `/${object.metadata.namespace}`;
    },
    reconcile(key) {
      const name = key.slice(1);
      const namespace = store.get('core/namespaces', undefined, name);
      if (namespace?.metadata.deletionTimestamp === undefined) return undefined;
      if (namespace.status.phase !== 'Terminating')
        store.update('core/namespaces', undefined, name, (draft) => {
          draft.status.phase = 'Terminating';
        });
      for (const [resource, { metadata }] of contents(name))
        if (metadata.deletionTimestamp === undefined && store.get(resource, name, metadata.name))
          store.remove(resource, name, metadata.name);
      if (contents(name).length === 0)
        store.update('core/namespaces', undefined, name, (draft) => {
          draft.spec.finalizers = [];
        });
      return undefined;
    },
  };
}

/** serviceaccount: the account `default` and the root certificate in every namespace of a member. */
import type { Cluster, Controller } from './controller.ts';
import { keysOf } from './controller.ts';

export function serviceAccountController({ store }: Cluster): Controller {
  function ensure(resource: string, namespace: string, kind: string, name: string, content: object): void {
    if (store.get(resource, namespace, name) === undefined)
      store.create(resource, { apiVersion: 'v1', kind, metadata: { name, namespace }, ...content });
  }

  return {
    name: 'serviceaccount',
    all: () => keysOf(store, 'core/namespaces'),
    *wakes({ resource, object, type }) {
      if (resource === 'core/namespaces' && type === 'ADDED') yield `/${object.metadata.name}`;
      const own = resource === 'core/serviceaccounts' || resource === 'core/configmaps';
      if (own && type === 'DELETED') yield `/${object.metadata.namespace}`;
    },
    reconcile(key) {
      const namespace = key.slice(1);
      const found = store.get('core/namespaces', undefined, namespace);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
      ensure('core/serviceaccounts', namespace, 'ServiceAccount', 'default', {});
      ensure('core/configmaps', namespace, 'ConfigMap', 'kube-root-ca.crt', { data: { 'ca.crt': '' } });
      return undefined;
    },
  };
}

/** Installs the lab's ingress controller: its classes, and the address it writes on the Ingresses it serves. */
import type { ObjectStore } from '../store.ts';

const INGRESSES = 'networking.k8s.io/ingresses';
const CLASSES = 'networking.k8s.io/ingressclasses';
const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

/** Classes as AKS's add-on, k3s and a hand-installed controller name theirs; the first is the default. */
export const classNames = ['nginx', 'webapprouting.kubernetes.azure.com', 'traefik'];

export function installClasses(store: ObjectStore): void {
  for (const [index, name] of classNames.entries())
    if (!store.get(CLASSES, undefined, name))
      store.create(CLASSES, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name, ...(index === 0 && { annotations: { [DEFAULT]: 'true' } }) },
        spec: { controller: 'k8s.io/ingress-nginx' },
      });
}

/** Keeps `status.loadBalancer` of every Ingress at the entry point's address. Returns how to stop. */
export function keepAddresses(store: ObjectStore): () => void {
  const write = (namespace: string | undefined, name: string) =>
    store.update(INGRESSES, namespace, name, (ingress) => {
      ingress.status = { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } };
    });
  for (const { metadata } of store.list(INGRESSES)) write(metadata.namespace, metadata.name);
  return store.watch(({ type, resource, object: { metadata } }) => {
    if (
      resource === INGRESSES &&
      type !== 'DELETED' &&
      store.get(INGRESSES, metadata.namespace, metadata.name)
    )
      write(metadata.namespace, metadata.name);
  });
}

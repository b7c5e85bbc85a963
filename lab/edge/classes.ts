/** Installs the lab's ingress controller: its classes, and the address it writes on the Ingresses it serves. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectReader, ObjectStore } from '../store.ts';

/**
 * What an ingress controller writes to its cluster. A real API server takes its time and may be away: a writer goes
 * on until it is done, and nobody waits for it.
 */
export interface IngressWriter {
  /** Unless it is there. */
  addClass(ingressClass: KubeObject): void;
  /** Of an Ingress; one that is gone by then is left alone. */
  setStatus(namespace: string, name: string, status: object): void;
}

const INGRESSES = 'networking.k8s.io/ingresses';
const CLASSES = 'networking.k8s.io/ingressclasses';
const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

/** Classes as AKS's add-on, k3s and a hand-installed controller name theirs; the first is the default. */
export const classNames = ['nginx', 'webapprouting.kubernetes.azure.com', 'traefik'];

/** The entry point of every Ingress. */
const STATUS = { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } };

/** For a cluster whose state is in this process. */
export function storeWriter(store: ObjectStore): IngressWriter {
  return {
    addClass(ingressClass) {
      if (!store.get(CLASSES, undefined, ingressClass.metadata.name)) store.create(CLASSES, ingressClass);
    },
    setStatus(namespace, name, status) {
      if (store.get(INGRESSES, namespace, name))
        store.update(INGRESSES, namespace, name, (ingress) => {
          ingress.status = status;
        });
    },
  };
}

export function installClasses(reader: ObjectReader, writer: IngressWriter): void {
  const there = new Set(reader.list(CLASSES).map(({ metadata }) => metadata.name));
  for (const [index, name] of classNames.entries())
    if (!there.has(name))
      writer.addClass({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name, ...(index === 0 && { annotations: { [DEFAULT]: 'true' } }) },
        spec: { controller: 'k8s.io/ingress-nginx' },
      });
}

/** Keeps `status.loadBalancer` of every Ingress at the entry point's address. Returns how to stop. */
export function keepAddresses(reader: ObjectReader, writer: IngressWriter): () => void {
  const keep = ({ metadata: { namespace = '', name }, status }: KubeObject) => {
    if (!isDeepStrictEqual(status, STATUS)) writer.setStatus(namespace, name, STATUS);
  };
  for (const ingress of reader.list(INGRESSES)) keep(ingress);
  return reader.watch(({ type, resource, object }) => {
    if (resource === INGRESSES && type !== 'DELETED') keep(object);
  });
}

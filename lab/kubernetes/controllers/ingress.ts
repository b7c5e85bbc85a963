/** ingress: gives every Ingress of a known class the address of its cluster's ingress controller. */
import { type Cluster, type Controller, keyOf, keysOf, parseKey } from './controller.ts';

const INGRESSES = 'networking.k8s.io/ingresses';
const CLASSES = 'networking.k8s.io/ingressclasses';
const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

export function ingressController({ store }: Cluster, address: string): Controller {
  return {
    name: 'ingress',
    all: () => keysOf(store, INGRESSES),
    *wakes({ resource, object }) {
      if (resource === INGRESSES) yield keyOf(object);
      if (resource === CLASSES) yield* keysOf(store, INGRESSES);
    },
    reconcile(key) {
      const ingress = store.get(INGRESSES, ...parseKey(key));
      if (ingress === undefined) return undefined;
      const wanted = ingress.spec?.ingressClassName as string | undefined;
      const served = [...store.peek(CLASSES)].some(({ metadata }) =>
        wanted === undefined ? metadata.annotations?.[DEFAULT] === 'true' : metadata.name === wanted,
      );
      store.update(INGRESSES, ...parseKey(key), (draft) => {
        draft.status = { loadBalancer: served ? { ingress: [{ ip: address }] } : {} };
      });
      return undefined;
    },
  };
}

/** pod-gc: removes pods whose node has been gone for a while; until then they count as they last were. */
import { type Cluster, type Controller, keyOf, keysOf, parseKey } from './controller.ts';

export function podGcController({ store, clock, settings }: Cluster): Controller {
  const missingSince = new Map<string, number>();

  return {
    name: 'pod-gc',
    all: () => keysOf(store, 'core/pods'),
    *wakes({ resource, object, type }) {
      if (resource === 'core/pods' && type !== 'DELETED') yield keyOf(object);
      if (resource === 'core/nodes' && type !== 'MODIFIED') {
        missingSince.delete(object.metadata.name);
        yield* keysOf(store, 'core/pods');
      }
    },
    reconcile(key) {
      const [namespace, name] = parseKey(key);
      const node = store.get('core/pods', namespace, name)?.spec.nodeName as string | undefined;
      if (!node || store.get('core/nodes', undefined, node)) return undefined;
      const since = missingSince.get(node) ?? clock.now();
      missingSince.set(node, since);
      const left = since + settings().podGcMs - clock.now();
      if (left > 0) return left;
      store.remove('core/pods', namespace, name, { gracePeriodSeconds: 0 });
      return undefined;
    },
  };
}

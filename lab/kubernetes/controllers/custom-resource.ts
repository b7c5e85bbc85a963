/** customresource: says of a CustomResourceDefinition that it is served. Runs on the federation too. */
import { setCondition } from './conditions.ts';
import { type Cluster, type Controller, keyOf, keysOf, parseKey } from './controller.ts';

const CRDS = 'apiextensions.k8s.io/customresourcedefinitions';

export function customResourceController({ store, clock }: Cluster): Controller {
  return {
    name: 'customresource',
    all: () => keysOf(store, CRDS),
    *wakes({ resource, object, type }) {
      if (resource === CRDS && type !== 'DELETED') yield keyOf(object);
      if (resource === CRDS && type === 'DELETED') removeAll(object.spec);
    },
    reconcile(key) {
      const [, name] = parseKey(key);
      if (store.get(CRDS, undefined, name) === undefined) return undefined;
      store.update(CRDS, undefined, name, (draft) => {
        const accepted = { reason: 'NoConflicts', message: 'no conflicts found' };
        setCondition(draft, { type: 'NamesAccepted', status: 'True', ...accepted }, clock.now());
        const established = {
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        };
        setCondition(draft, { type: 'Established', status: 'True', ...established }, clock.now());
        draft.status.acceptedNames = draft.spec.names;
        draft.status.storedVersions = draft.spec.versions
          .filter((version: { storage: boolean }) => version.storage)
          .map((version: { name: string }) => version.name);
      });
      return undefined;
    },
  };

  /** The objects of a definition go with it. */
  function removeAll({ group, names }: { group: string; names: { plural: string } }): void {
    for (const { metadata } of [...store.peek(`${group}/${names.plural}`)])
      store.remove(`${group}/${names.plural}`, metadata.namespace, metadata.name);
  }
}

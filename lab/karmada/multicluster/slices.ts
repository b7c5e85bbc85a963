/** endpointslice: collected Works → `imported-<cluster>-<slice>` on the federation, of the derived Service. */
import type { KubeObject } from '../../store.ts';
import { WORKS } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { annotation, clusterOfSpace, label } from '../names.ts';
import { createQueue, keyOf, splitKey } from '../queue.ts';
import { SLICES } from './apis.ts';
import { contentOf, withoutFinalizer } from './collected.ts';
import { derivedName, manager, mark, multiClusterFinalizer, sliceLabel } from './marks.ts';

export function startImportedSlices(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'endpointslice', timings.aggregateMs, (key) => {
    const work = federation.get(WORKS, ...splitKey(key));
    if (work) importSlice(context, work);
    return undefined;
  });
  const stop = inform(federation, [WORKS], ({ type, object }) => {
    const { labels } = object.metadata;
    if (type !== 'DELETED' && (labels?.[mark.serviceName] || labels?.[mark.multiClusterName]))
      queue.add(keyOf(object));
  });
  return () => {
    stop();
    queue.stop();
  };
}

function importSlice({ federation }: Context, work: KubeObject): void {
  const { labels = {}, deletionTimestamp, namespace: space = '', name: workName } = work.metadata;
  const id = { [label.workId]: labels[label.workId] ?? '' };
  const service = labels[mark.serviceName];
  if (deletionTimestamp || !service) {
    for (const { metadata } of federation.list(SLICES, { labels: id }))
      federation.remove(SLICES, metadata.namespace, metadata.name);
    withoutFinalizer(federation, work, multiClusterFinalizer.collected);
    return;
  }
  const slice = contentOf(work, 'EndpointSlice');
  if (!slice) return;
  const { namespace, name } = slice.metadata;
  const imported = {
    ...slice,
    metadata: {
      name: `imported-${clusterOfSpace(space)}-${name}`,
      ...(namespace && { namespace }),
      labels: {
        ...id,
        [sliceLabel.service]: derivedName(service),
        [sliceLabel.managedBy]: manager.imported,
      },
      annotations: { [annotation.workNamespace]: space, [annotation.workName]: workName },
    },
  };
  if (!federation.get(SLICES, namespace, imported.metadata.name)) federation.create(SLICES, imported);
  else
    federation.update(SLICES, namespace, imported.metadata.name, (object) => {
      Object.assign(object, { endpoints: slice.endpoints, ports: slice.ports });
    });
}

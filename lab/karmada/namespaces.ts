/** Namespaces of the federation exist on every member, without any policy. */
import { allClusters, CLUSTERS } from './bindings.ts';
import { type Context, Retry } from './context.ts';
import { inform } from './informer.ts';
import { executionSpace, isReserved, label, workName } from './names.ts';
import { overridden } from './overrides/overrides.ts';
import { createQueue } from './queue.ts';
import { writeWork } from './works.ts';

const NAMESPACES = 'core/namespaces';

export function startNamespaces(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'namespace-sync', timings.detectMs, (name) => {
    distribute(context, name);
    return undefined;
  });
  const stops = [
    inform(federation, [NAMESPACES], ({ type, object }) => {
      if (type !== 'DELETED' && isSynced(object.metadata.name)) queue.add(object.metadata.name);
    }),
    inform(federation, [CLUSTERS], ({ type }) => {
      if (type !== 'ADDED') return;
      for (const { metadata } of federation.peek(NAMESPACES))
        if (isSynced(metadata.name)) queue.add(metadata.name);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function isSynced(namespace: string): boolean {
  return !isReserved(namespace) && namespace !== 'default';
}

function distribute({ federation }: Context, name: string): void {
  const namespace = federation.get(NAMESPACES, undefined, name);
  if (!namespace || namespace.metadata.deletionTimestamp) return;
  if (namespace.metadata.labels?.[label.skipNamespace]?.toLowerCase() === 'true') return;
  const { labels, annotations, uid = '' } = namespace.metadata;
  const owner = { apiVersion: 'v1', kind: 'Namespace', name, uid, controller: true };
  for (const cluster of allClusters(federation)) {
    if (cluster.metadata.deletionTimestamp) continue;
    const space = executionSpace(cluster.metadata.name);
    if (!federation.get(NAMESPACES, undefined, space)) throw new Retry(`namespaces "${space}" not found`);
    const metadata = { name, labels: { ...labels }, annotations: { ...annotations } };
    const manifest = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec: structuredClone(namespace.spec ?? {}),
    };
    const applied = overridden(federation, manifest, cluster);
    writeWork(federation, {
      metadata: {
        name: workName('Namespace', name),
        namespace: space,
        annotations: applied,
        ownerReferences: [owner],
      },
      manifest,
    });
  }
}

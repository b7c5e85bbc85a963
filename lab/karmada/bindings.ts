/** Bindings of both scopes, and the templates they stand for. */
import type { MemoryStore } from '../kubernetes/store.ts';
import type { KubeObject } from '../store.ts';
import { splitKey } from './queue.ts';
import { typeOf } from './resource-type.ts';
import type { Binding, ClusterObject } from './types.ts';

export const BINDINGS = 'work.karmada.io/resourcebindings';
export const CLUSTER_BINDINGS = 'work.karmada.io/clusterresourcebindings';
export const WORKS = 'work.karmada.io/works';
export const CLUSTERS = 'cluster.karmada.io/clusters';

/** A namespaced key is a ResourceBinding's, one without namespace a ClusterResourceBinding's. */
export function bindingResource(namespace: string | undefined): string {
  return namespace ? BINDINGS : CLUSTER_BINDINGS;
}

export function bindingOf(store: MemoryStore, key: string): Binding | undefined {
  const [namespace, name] = splitKey(key);
  return store.get(bindingResource(namespace), namespace, name) as Binding | undefined;
}

export function allBindings(store: MemoryStore): Binding[] {
  return [...store.list(BINDINGS), ...store.list(CLUSTER_BINDINGS)] as Binding[];
}

export function updateBinding(store: MemoryStore, key: string, change: (binding: Binding) => void): Binding {
  const [namespace, name] = splitKey(key);
  return store.update(bindingResource(namespace), namespace, name, (object) =>
    change(object as Binding),
  ) as Binding;
}

export function templateOf(store: MemoryStore, { spec: { resource } }: Binding): KubeObject | undefined {
  const type = typeOf(store, resource.apiVersion, resource.kind);
  return type && store.get(type.resource, resource.namespace, resource.name);
}

export function clusterOf(store: MemoryStore, name: string): ClusterObject | undefined {
  return store.get(CLUSTERS, undefined, name) as ClusterObject | undefined;
}

export function allClusters(store: MemoryStore): ClusterObject[] {
  const clusters = store.list(CLUSTERS) as ClusterObject[];
  return clusters.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** How much a node takes, as its kubelet reports it. */
import type { ClusterSettings } from '../settings.ts';
import type { MemoryStore } from './store.ts';

type Size = Record<'capacity' | 'allocatable', Record<string, string>>;

export function nodeSize({ cpu, memory, pods }: ClusterSettings): Size {
  const resources = { cpu, memory, pods: String(pods) };
  return { capacity: resources, allocatable: { ...resources } };
}

export function resizeNodes(store: MemoryStore, settings: ClusterSettings): void {
  for (const { metadata } of store.list('core/nodes'))
    store.update('core/nodes', undefined, metadata.name, (node) => {
      node.status = { ...node.status, ...nodeSize(settings) };
    });
}

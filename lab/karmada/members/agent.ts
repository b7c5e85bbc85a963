/** What `karmadactl register` inside a member leaves on the federation: a Cluster in pull mode, and no credential. */
import type { MemoryStore } from '../../kubernetes/store.ts';
import { CLUSTERS, clusterOf } from '../bindings.ts';

export function registerAgents(federation: MemoryStore, members: readonly string[]): void {
  for (const name of members) {
    if (clusterOf(federation, name)) continue;
    federation.create(CLUSTERS, {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { syncMode: 'Pull', resourceModels: [] },
    });
  }
}

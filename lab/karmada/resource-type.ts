import { customTypes, karmadaTypes, kubernetesTypes, type ResourceType } from '../kubernetes/resources.ts';
import type { MemoryStore } from '../kubernetes/store.ts';

/** What the store's API server knows of a kind; custom ones are looked up in its CRDs. */
export function typeOf(store: MemoryStore, apiVersion: string, kind: string): ResourceType | undefined {
  const matches = (type: ResourceType) => type.kind === kind && groupVersion(type) === apiVersion;
  return kubernetesTypes.find(matches) ?? customTypes(store).find(matches);
}

/** Everything that can be propagated: not Karmada's own resources, not events. */
export function isPropagated(resource: string): boolean {
  return resource !== 'core/events' && !karmadaTypes.some((type) => type.resource === resource);
}

export function groupVersion({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}

/** As `Cluster.status.apiEnablements` lists them. */
export function apiEnablements(store: MemoryStore): { groupVersion: string; resources: object[] }[] {
  const groups = new Map<string, { name: string; kind: string }[]>();
  for (const type of [...kubernetesTypes, ...customTypes(store)]) {
    const name = groupVersion(type);
    groups.set(name, [...(groups.get(name) ?? []), { name: type.plural, kind: type.kind }]);
  }
  return [...groups].map(([name, resources]) => ({ groupVersion: name, resources })).sort(byGroupVersion);
}

function byGroupVersion(a: { groupVersion: string }, b: { groupVersion: string }): number {
  return a.groupVersion < b.groupVersion ? -1 : 1;
}

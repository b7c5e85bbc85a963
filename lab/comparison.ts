/** The lab's objects without what differs each time, so that two moments can be compared. */
import type { KubeObject } from './store.ts';
import type { World } from './world.ts';

/** By plane, then by `RESOURCE NAMESPACE/NAME`. */
export type Comparable = Record<string, Record<string, unknown>>;

/** Come and go by themselves. */
const transient = new Set(['core/events', 'coordination.k8s.io/leases']);

/** Counters, identities, and a report that Karmada renews every 10 s only; wherever they stand. */
const volatile = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'observedGeneration',
  'schedulerObservedGeneration',
  'managedFields',
  'containerID',
  'podIP',
  'podIPs',
  'deployment.kubernetes.io/revision',
  'resourcetemplate.karmada.io/generation',
  'resourceTemplateGeneration',
  'work.karmada.io/permanent-id',
  'resourceSummary',
]);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([field, inner]) =>
      !volatile.has(field) && !(typeof inner === 'string' && TIME.test(inner)) && !isEmptied(field, inner),
  );
  return Object.fromEntries(
    kept
      .map(([field, inner]): [string, unknown] => [field, settled(inner)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What a patch emptied and what never was read the same from a real API server. */
function isEmptied(field: string, value: unknown): boolean {
  return (field === 'annotations' || field === 'labels') && Object.keys(value ?? {}).length === 0;
}

/** A replica stands on any node; of the objects whose names are generated only their owner is known. */
function normalised(resource: string, object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  if (copy.metadata.generateName) copy.metadata.name = copy.metadata.generateName;
  if (resource === 'core/secrets') copy.data = Object.keys(copy.data ?? {}).sort();
  if (resource === 'discovery.k8s.io/endpointslices') copy.endpoints = conditionsOf(copy.endpoints ?? []);
  // Karmada keeps no order of a binding's clusters.
  if (resource === 'work.karmada.io/resourcebindings')
    copy.spec.clusters?.sort((a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1));
  if (resource === 'core/pods' && copy.metadata.ownerReferences?.[0]?.kind === 'ReplicaSet') {
    delete copy.spec.nodeName;
    delete copy.status?.hostIP;
  }
  return settled(copy) as KubeObject;
}

function conditionsOf(endpoints: { conditions: object }[]): object[] {
  return endpoints.map(({ conditions }) => conditions);
}

/** Of one API server. */
export function comparablePlane(objects: [resource: string, object: KubeObject][]): Record<string, unknown> {
  const named = objects
    .filter(([resource]) => !transient.has(resource))
    .map(([resource, object]) => ({ resource, object: normalised(resource, object) }))
    .map(({ resource, object }) => ({
      key: `${resource} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
      object,
      text: JSON.stringify(object),
    }))
    .sort((a, b) => (a.key + a.text < b.key + b.text ? -1 : 1));
  const seen = new Map<string, number>();
  return Object.fromEntries(
    named.map(({ key, object }) => {
      const number = seen.get(key) ?? 0;
      seen.set(key, number + 1);
      return [key.endsWith('-') ? `${key}${number}` : key, object];
    }),
  );
}

export function comparable({ planes }: World): Comparable {
  return Object.fromEntries(
    Object.entries(planes).map(([name, { store }]) => [name, comparablePlane(store.state().objects)]),
  );
}

/** One manifest of a Work on its member: created, or brought back to what the Work says. */

import { StatusError } from '../../kubernetes/status-error.ts';
import type { MemoryStore } from '../../kubernetes/store.ts';
import type { KubeObject, ObjectMeta } from '../../store.ts';
import { Retry } from '../context.ts';
import { annotation, label } from '../names.ts';
import { typeOf } from '../resource-type.ts';
import type { Work } from '../works.ts';

/** Throws when the member's API refuses it, or when an object that is not Karmada's is in the way. */
export function applyManifest(store: MemoryStore, work: Work, manifest: KubeObject): void {
  const { kind, metadata } = manifest;
  const type = typeOf(store, manifest.apiVersion, kind);
  if (!type) throw new Retry(`no matches for kind "${kind}" in version "${manifest.apiVersion}"`);
  const { namespace, name } = metadata;
  const wanted = marked(manifest, work);
  const before = store.get(type.resource, namespace, name);
  if (!before) {
    if (namespace && !store.get('core/namespaces', undefined, namespace))
      throw new StatusError(404, 'NotFound', `namespaces "${namespace}" not found`);
    store.create(type.resource, wanted);
    return;
  }
  if (before.metadata.deletionTimestamp) throw new Retry(`${kind} ${name} is being deleted`);
  const managed = before.metadata.labels?.[label.managed] === 'true';
  if (!managed && work.metadata.annotations?.[annotation.conflictResolution] === 'abort')
    throw new StatusError(
      409,
      'Conflict',
      `resource(kind=${kind}, ${namespace ? `${namespace}/` : ''}${name}) already exist in the cluster and the ` +
        `${annotation.conflictResolution} strategy value is empty, karmada will not manage this resource`,
    );
  store.update(type.resource, namespace, name, (object) => bringBack(object, wanted));
}

/** What Karmada writes on every object it manages, and by which it knows what it wrote before. */
function marked(manifest: KubeObject, { metadata }: Work): KubeObject {
  const labels = { ...manifest.metadata.labels, [label.managed]: 'true' };
  const annotations: Record<string, string> = {
    ...manifest.metadata.annotations,
    [annotation.workNamespace]: metadata.namespace ?? '',
    [annotation.workName]: metadata.name,
    [annotation.managedLabels]: Object.keys(labels).sort().join(','),
  };
  const managed = [...Object.keys(annotations), annotation.managedAnnotations];
  annotations[annotation.managedAnnotations] = managed.sort().join(',');
  return { ...structuredClone(manifest), metadata: { ...manifest.metadata, labels, annotations } };
}

function bringBack(object: KubeObject, wanted: KubeObject): void {
  const before = structuredClone(object);
  for (const field of Object.keys(object))
    if (!['apiVersion', 'kind', 'metadata', 'status'].includes(field) && !(field in wanted))
      delete object[field];
  for (const [field, value] of Object.entries(wanted))
    if (field !== 'metadata' && field !== 'status') object[field] = structuredClone(value);
  retain(object, before);
  mergeMetadata(object.metadata, wanted.metadata, 'labels', annotation.managedLabels);
  mergeMetadata(object.metadata, wanted.metadata, 'annotations', annotation.managedAnnotations);
}

/** What the member's own API server or controllers fill in and the federation must not overwrite. */
function retain(object: KubeObject, before: KubeObject): void {
  if (object.kind === 'Service') {
    for (const field of ['clusterIP', 'clusterIPs', 'healthCheckNodePort'])
      if (before.spec?.[field] !== undefined) object.spec[field] = before.spec[field];
  }
  if (object.kind === 'Job') object.spec.selector = before.spec?.selector ?? object.spec.selector;
  if (object.kind === 'ServiceAccount' && before.secrets) object.secrets = before.secrets;
}

/** Keys of others stay; keys that Karmada wrote before and does not want any more go. */
function mergeMetadata(
  metadata: ObjectMeta,
  wanted: ObjectMeta,
  field: 'labels' | 'annotations',
  record: string,
): void {
  const written = metadata.annotations?.[record]?.split(',') ?? [];
  const others = Object.entries(metadata[field] ?? {}).filter(([key]) => !written.includes(key));
  metadata[field] = { ...Object.fromEntries(others), ...wanted[field] };
}

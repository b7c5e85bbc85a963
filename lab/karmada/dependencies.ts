/**
 * `propagateDeps`: the ConfigMaps, Secrets and ServiceAccounts that a pod template names follow the workload to the
 * clusters it is scheduled to, by bindings of their own that say who requires them. So do the derived Service and the
 * imported slices of a ServiceImport.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectReader } from '../store.ts';
import { BINDINGS, bindingOf, templateOf, updateBinding } from './bindings.ts';
import type { Context } from './context.ts';
import { inform, isNewGeneration } from './informer.ts';
import { SERVICES, SLICES } from './multicluster/apis.ts';
import { derivedName, sliceLabel } from './multicluster/marks.ts';
import { bindingName, finalizer, label } from './names.ts';
import { createQueue, keyFor, keyOf } from './queue.ts';
import type { Binding } from './types.ts';

const carried: Record<string, string> = {
  ConfigMap: 'core/configmaps',
  Secret: 'core/secrets',
  ServiceAccount: 'core/serviceaccounts',
  Service: SERVICES,
  EndpointSlice: SLICES,
};

export function startDependencies(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'dependencies-distributor', timings.detectMs, (key) => {
    distribute(context, key);
    return undefined;
  });
  const stops = [
    inform(federation, [BINDINGS], (change) => {
      if (isNewGeneration(change) && (change.object as Binding).spec.propagateDeps !== undefined)
        queue.add(keyOf(change.object));
    }),
    inform(federation, Object.values(carried), ({ object: { metadata } }) => {
      for (const binding of federation.peek(BINDINGS))
        if (binding.metadata.namespace === metadata.namespace && binding.spec.propagateDeps)
          queue.add(keyOf(binding));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function distribute(context: Context, key: string): void {
  const { federation } = context;
  const binding = bindingOf(federation, key);
  const gone = !binding || binding.metadata.deletionTimestamp !== undefined || !binding.spec.propagateDeps;
  const template = binding && !gone ? templateOf(federation, binding) : undefined;
  const wanted = template ? dependenciesOf(template, federation) : [];
  const [namespace = '', name = ''] = key.split('/');
  for (const { kind, name: dependency } of wanted) {
    const object = federation.get(carried[kind] ?? '', namespace, dependency);
    if (object && binding) require(context, object, binding);
  }
  const kept = new Set(wanted.map((each) => bindingName(each.kind, each.name)));
  for (const attached of federation.list(BINDINGS, { namespace }) as Binding[])
    if (!kept.has(attached.metadata.name)) release(context, attached, name);
}

function require({ federation }: Context, object: KubeObject, by: Binding): void {
  const { namespace = '', name, uid = '', resourceVersion } = object.metadata;
  const attached = bindingName(object.kind, name);
  const entry = { namespace, name: by.metadata.name, clusters: by.spec.clusters ?? [] };
  const key = keyFor(namespace, attached);
  const resource = { apiVersion: object.apiVersion, kind: object.kind, namespace, name, uid };
  if (bindingOf(federation, key)) {
    updateBinding(federation, key, ({ spec }) => {
      const others = spec.requiredBy?.filter((each) => each.name !== entry.name) ?? [];
      const before = spec.requiredBy?.find((each) => each.name === entry.name);
      if (!isDeepStrictEqual(before, entry)) spec.requiredBy = [...others, entry];
      spec.resource = { ...spec.resource, ...(resourceVersion && { resourceVersion }) };
    });
    return;
  }
  federation.create(BINDINGS, {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: {
      namespace,
      name: attached,
      labels: { [label.bindingId]: randomUUID() },
      finalizers: [finalizer.binding],
      ownerReferences: [{ apiVersion: object.apiVersion, kind: object.kind, name, uid, controller: true }],
    },
    spec: { resource: { ...resource, ...(resourceVersion && { resourceVersion }) }, requiredBy: [entry] },
  });
}

/** An attached binding goes with the last that required it, unless a policy of its own placed it. */
function release({ federation }: Context, attached: Binding, by: string): void {
  if (!attached.spec.requiredBy?.some((each) => each.name === by)) return;
  const left = attached.spec.requiredBy.filter((each) => each.name !== by);
  const { namespace, name } = attached.metadata;
  if (left.length === 0 && !attached.spec.placement) {
    if (!attached.metadata.deletionTimestamp) federation.remove(BINDINGS, namespace, name);
    return;
  }
  updateBinding(federation, keyOf(attached), ({ spec }) => {
    if (left.length > 0) spec.requiredBy = left;
    else delete spec.requiredBy;
  });
}

interface Dependency {
  kind: string;
  name: string;
}

function dependenciesOf(template: KubeObject, federation: ObjectReader): Dependency[] {
  return template.kind === 'ServiceImport' ? derivedFrom(template, federation) : namedBy(template);
}

function derivedFrom(
  { metadata: { name, namespace = '' } }: KubeObject,
  federation: ObjectReader,
): Dependency[] {
  const derived = derivedName(name);
  const slices = federation.list(SLICES, { namespace, labels: { [sliceLabel.service]: derived } });
  return [
    { kind: 'Service', name: derived },
    ...slices.map(({ metadata }) => ({ kind: 'EndpointSlice', name: metadata.name })),
  ];
}

/** What the pod template names, each once; the default ServiceAccount is everywhere already. */
function namedBy(template: KubeObject): Dependency[] {
  const spec = template.kind === 'Pod' ? template.spec : template.spec?.template?.spec;
  if (!spec) return [];
  const found: Dependency[] = [];
  const add = (kind: string, name: string | undefined) => {
    if (name && !found.some((each) => each.kind === kind && each.name === name)) found.push({ kind, name });
  };
  for (const volume of spec.volumes ?? []) {
    add('ConfigMap', volume.configMap?.name);
    add('Secret', volume.secret?.secretName);
    for (const source of volume.projected?.sources ?? []) {
      add('ConfigMap', source.configMap?.name);
      add('Secret', source.secret?.name);
    }
  }
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      add('ConfigMap', valueFrom?.configMapKeyRef?.name);
      add('Secret', valueFrom?.secretKeyRef?.name);
    }
    for (const source of container.envFrom ?? []) {
      add('ConfigMap', source.configMapRef?.name);
      add('Secret', source.secretRef?.name);
    }
  }
  for (const { name } of spec.imagePullSecrets ?? []) add('Secret', name);
  if (spec.serviceAccountName !== 'default') add('ServiceAccount', spec.serviceAccountName);
  return found;
}

/** A MultiClusterService takes the Service of its name over from the policy that placed it, and gives it back. */
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../store.ts';
import { BINDINGS } from '../bindings.ts';
import { type Context, Retry } from '../context.ts';
import { bindingName, finalizer, label } from '../names.ts';
import type { BindingSpec } from '../types.ts';
import { SERVICES } from './apis.ts';
import { mark } from './marks.ts';

const KIND = 'MultiClusterService';

/** The Service's policy lets go of it: its binding now leads to providers and consumers. */
export function takeOver(context: Context, service: KubeObject, clusterNames: string[]): void {
  const { federation } = context;
  const { namespace, name, labels = {} } = service.metadata;
  if (!federation.get(SERVICES, namespace, name)) throw new Retry(`services "${name}" not found`);
  const id = { [mark.multiClusterId]: labels[mark.multiClusterId] ?? '' };
  const source = { [mark.multiClusterName]: name, [mark.multiClusterNamespace]: namespace ?? '' };
  const template = federation.update(SERVICES, namespace, name, ({ metadata }) => {
    metadata.labels = { ...withoutPolicy(metadata.labels), ...id, [mark.claimedBy]: KIND };
    metadata.annotations = { ...withoutPolicy(metadata.annotations), ...source };
  });
  const binding = bindingName('Service', name);
  const { uid = '', resourceVersion = '' } = template.metadata;
  const spec: BindingSpec = {
    placement: { clusterAffinity: { clusterNames } },
    conflictResolution: 'Overwrite',
    resource: {
      apiVersion: 'v1',
      kind: 'Service',
      ...(namespace && { namespace }),
      name,
      uid,
      resourceVersion,
    },
  };
  const claim = { ...id, [mark.bindingManagedBy]: KIND };
  if (federation.get(BINDINGS, namespace, binding))
    federation.update(BINDINGS, namespace, binding, (object) => {
      object.metadata.labels = { ...object.metadata.labels, ...claim };
      object.metadata.annotations = { ...object.metadata.annotations, ...source };
      object.spec = { ...object.spec, ...spec };
    });
  else
    federation.create(BINDINGS, {
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: {
        name: binding,
        ...(namespace && { namespace }),
        labels: { [label.bindingId]: randomUUID(), ...claim },
        annotations: source,
        finalizers: [finalizer.binding],
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true }],
      },
      spec,
    });
}

const withoutPolicy = (record: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !/^(cluster)?propagationpolicy\./.test(key)));

const withoutOurs = (record: Record<string, string> = {}): Record<string, string> => {
  const ours: string[] = [
    mark.multiClusterId,
    mark.multiClusterName,
    mark.multiClusterNamespace,
    mark.claimedBy,
    mark.bindingManagedBy,
  ];
  return Object.fromEntries(Object.entries(record).filter(([key]) => !ours.includes(key)));
};

/** The Service stays where it is, as after a policy that goes, until a policy claims it again. */
export function giveBack({ federation }: Context, service: KubeObject): void {
  const { namespace, name } = service.metadata;
  if (federation.get(SERVICES, namespace, name))
    federation.update(SERVICES, namespace, name, ({ metadata }) => {
      metadata.labels = withoutOurs(metadata.labels);
    });
  const binding = bindingName('Service', name);
  if (federation.get(BINDINGS, namespace, binding))
    federation.update(BINDINGS, namespace, binding, ({ metadata }) => {
      metadata.labels = withoutOurs(metadata.labels);
      metadata.annotations = withoutOurs(metadata.annotations);
    });
}

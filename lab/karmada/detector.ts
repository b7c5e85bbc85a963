/** The detector: a template that a policy selects is claimed by it and gets a binding, kept as the two ask. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { StoredChange } from '../kubernetes/store.ts';
import type { KubeObject } from '../store.ts';
import { bindingResource } from './bindings.ts';
import type { Context } from './context.ts';
import { mark } from './multicluster/marks.ts';
import { annotation, bindingName, finalizer, isReserved, label } from './names.ts';
import { CLUSTER_POLICIES, POLICIES, permanentId, policyFor } from './policies.ts';
import { createQueue, keyOf, splitKey } from './queue.ts';
import { replicasOf, requirementsOf } from './replicas.ts';
import { isPropagated, typeOf } from './resource-type.ts';
import type { BindingSpec, ResourceSelector } from './types.ts';

export function startDetector(context: Context): () => void {
  const { federation, timings } = context;
  /** Keys are `resource namespace/name`. */
  const queue = createQueue(context, 'detector', timings.detectMs, (key) => {
    const [resource = '', at = ''] = key.split(' ');
    const [namespace, name] = splitKey(at);
    const object = federation.get(resource, namespace, name);
    // A Service that a MultiClusterService has taken over is no policy's any more.
    const free = object && !object.metadata.deletionTimestamp && !object.metadata.labels?.[mark.claimedBy];
    if (free) propagate(context, resource, object);
    return undefined;
  });

  function onPolicy({ object, before }: Pick<StoredChange, 'object' | 'before'>): void {
    admit(context, object);
    const selectors: ResourceSelector[] = [object, before].flatMap(
      (each) => each?.spec?.resourceSelectors ?? [],
    );
    for (const { apiVersion, kind } of selectors) {
      const type = typeOf(federation, apiVersion, kind);
      for (const selected of type ? federation.peek(type.resource) : [])
        queue.add(`${type?.resource} ${keyOf(selected)}`);
    }
  }

  const onChange = (change: Pick<StoredChange, 'type' | 'resource' | 'object' | 'before'>) => {
    if (change.resource === POLICIES || change.resource === CLUSTER_POLICIES) onPolicy(change);
    else if (change.type !== 'DELETED' && isPropagated(change.resource) && isAsked(change))
      queue.add(`${change.resource} ${keyOf(change.object)}`);
  };
  for (const resource of [POLICIES, CLUSTER_POLICIES])
    for (const object of [...federation.peek(resource)]) onPolicy({ object });
  const stop = federation.watch(onChange);
  return () => {
    stop();
    queue.stop();
  };
}

/** Only what was asked for counts: not a status, nor the version and the field managers it moves. */
function isAsked({ object, before }: Pick<StoredChange, 'object' | 'before'>): boolean {
  if (isReserved(object.metadata.namespace)) return false;
  return !before || !isDeepStrictEqual(asked(object), asked(before));
}

function asked({ status: _status, metadata, ...rest }: KubeObject): object {
  const { labels, annotations, deletionTimestamp } = metadata;
  return { ...rest, labels, annotations, deletionTimestamp };
}

/** What the real webhook writes into a policy: its permanent id; a ServiceImport's dependencies always go with it. */
function admit({ federation }: Context, policy: KubeObject): void {
  const { namespace, name } = policy.metadata;
  const resource = policy.kind === 'PropagationPolicy' ? POLICIES : CLUSTER_POLICIES;
  const selectors: ResourceSelector[] = policy.spec?.resourceSelectors ?? [];
  const carries = selectors.some(({ kind }) => kind === 'ServiceImport') && !policy.spec.propagateDeps;
  if ((permanentId(policy) && !carries) || !federation.get(resource, namespace, name)) return;
  federation.update(resource, namespace, name, ({ kind, metadata, spec }) => {
    const id = kind === 'PropagationPolicy' ? label.policyId : label.clusterPolicyId;
    metadata.labels = { [id]: randomUUID(), ...metadata.labels };
    if (carries) spec.propagateDeps = true;
  });
}

function propagate(context: Context, resource: string, object: KubeObject): void {
  const { federation } = context;
  const { namespace, name } = object.metadata;
  const policy = policyFor(federation, object);
  const claim = policy ? claimOf(policy) : { labels: {}, annotations: {} };
  const template = federation.update(resource, namespace, name, ({ metadata }) => reclaim(metadata, claim));
  // A policy that goes leaves what it propagated where it is.
  if (policy) keepBinding(context, template, policy, claim);
}

interface Claim {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

function claimOf(policy: KubeObject): Claim {
  const { namespace = '', name } = policy.metadata;
  const id = permanentId(policy) ?? '';
  if (policy.kind === 'PropagationPolicy')
    return {
      labels: { [label.policyId]: id },
      annotations: { [annotation.policyNamespace]: namespace, [annotation.policyName]: name },
    };
  return { labels: { [label.clusterPolicyId]: id }, annotations: { [annotation.clusterPolicyName]: name } };
}

const claimLabels: string[] = [label.policyId, label.clusterPolicyId];
const claimAnnotations: string[] = [
  annotation.policyNamespace,
  annotation.policyName,
  annotation.clusterPolicyName,
];

function reclaim(metadata: KubeObject['metadata'], claim: Claim): void {
  const labels = without(metadata.labels, claimLabels);
  const annotations = without(metadata.annotations, claimAnnotations);
  if (metadata.labels || Object.keys(claim.labels).length > 0)
    metadata.labels = { ...labels, ...claim.labels };
  if (metadata.annotations || Object.keys(claim.annotations).length > 0)
    metadata.annotations = { ...annotations, ...claim.annotations };
}

function without(record: Record<string, string> = {}, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

function keepBinding({ federation }: Context, template: KubeObject, policy: KubeObject, claim: Claim): void {
  const { namespace, name, uid = '' } = template.metadata;
  const resource = bindingResource(namespace);
  const binding = bindingName(template.kind, name);
  const spec = specOf(template, policy);
  if (federation.get(resource, namespace, binding)) {
    federation.update(resource, namespace, binding, (object) => {
      reclaim(object.metadata, claim);
      const kept = object.spec as BindingSpec;
      object.spec = { ...keptOf(kept), ...spec };
    });
    return;
  }
  federation.create(resource, {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: namespace ? 'ResourceBinding' : 'ClusterResourceBinding',
    metadata: {
      name: binding,
      ...(namespace && { namespace }),
      labels: { [namespace ? label.bindingId : label.clusterBindingId]: randomUUID(), ...claim.labels },
      annotations: claim.annotations,
      finalizers: [namespace ? finalizer.binding : finalizer.clusterBinding],
      ownerReferences: [
        { apiVersion: template.apiVersion, kind: template.kind, name, uid, controller: true },
      ],
    },
    spec,
  });
}

/** What the scheduler, the evictors, rebalancers and dependents wrote. */
function keptOf({ clusters, gracefulEvictionTasks, rescheduleTriggeredAt, requiredBy }: BindingSpec): object {
  return {
    ...(clusters && { clusters }),
    ...(gracefulEvictionTasks && { gracefulEvictionTasks }),
    ...(rescheduleTriggeredAt && { rescheduleTriggeredAt }),
    ...(requiredBy && { requiredBy }),
  };
}

function specOf(template: KubeObject, { spec: policy }: KubeObject): BindingSpec {
  const { namespace, name, uid, resourceVersion } = template.metadata;
  const replicas = replicasOf(template);
  const replicaRequirements = requirementsOf(template);
  return {
    resource: {
      apiVersion: template.apiVersion,
      kind: template.kind,
      ...(namespace && { namespace }),
      name,
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
    },
    ...(replicas !== undefined && { replicas }),
    ...(replicaRequirements && { replicaRequirements }),
    placement: policy.placement ?? {},
    conflictResolution: policy.conflictResolution ?? 'Abort',
    ...(policy.propagateDeps !== undefined && { propagateDeps: policy.propagateDeps }),
    ...(policy.failover && { failover: policy.failover }),
    ...(policy.suspension && { suspension: policy.suspension }),
    ...(policy.preserveResourcesOnDeletion !== undefined && {
      preserveResourcesOnDeletion: policy.preserveResourcesOnDeletion,
    }),
  };
}

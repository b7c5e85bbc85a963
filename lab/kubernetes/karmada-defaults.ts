/** What Karmada's definitions and its webhook fill into its objects when they are stored. */
import { randomUUID } from 'node:crypto';
import type { KubeObject, Resource } from '../store.ts';

type Spec = KubeObject['spec'];

function fill(target: Record<string, unknown>, values: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(values)) target[field] ??= structuredClone(value);
}

function selectors(object: KubeObject): void {
  const { namespace } = object.metadata;
  if (namespace === undefined) return;
  for (const selector of (object.spec?.resourceSelectors ?? []) as Spec[]) selector.namespace ??= namespace;
}

function placement({ spreadConstraints = [], replicaScheduling }: Spec): void {
  for (const constraint of spreadConstraints) {
    if (!constraint.spreadByLabel) fill(constraint, { spreadByField: 'cluster' });
    fill(constraint, { minGroups: 1 });
  }
  if (replicaScheduling?.replicaSchedulingType === 'Divided')
    fill(replicaScheduling, { replicaDivisionPreference: 'Weighted' });
}

function failover(application: Spec): void {
  fill(application, { purgeMode: 'Gracefully' });
  fill(application, { decisionConditions: {} });
  fill(application.decisionConditions, { tolerationSeconds: 300 });
  if (['Gracefully', 'Graciously'].includes(application.purgeMode))
    fill(application, { gracePeriodSeconds: 600 });
}

/** A policy gets an id for life: what it propagates carries it. */
function policy(id: string): (object: KubeObject) => void {
  return (object) => {
    const { metadata, spec } = object;
    metadata.labels = { [id]: randomUUID(), ...metadata.labels };
    if (spec === undefined) return;
    fill(spec, {
      conflictResolution: 'Abort',
      placement: {},
      preemption: 'Never',
      priority: 0,
      schedulerName: 'default-scheduler',
    });
    selectors(object);
    placement(spec.placement);
    if (spec.failover?.application) failover(spec.failover.application);
  };
}

export const karmadaDefaults: Record<Resource, (object: KubeObject) => void> = {
  'cluster.karmada.io/clusters'(object) {
    object.status ??= {};
  },
  'policy.karmada.io/propagationpolicies': policy('propagationpolicy.karmada.io/permanent-id'),
  'policy.karmada.io/clusterpropagationpolicies': policy('clusterpropagationpolicy.karmada.io/permanent-id'),
  'policy.karmada.io/overridepolicies'(object) {
    selectors(object);
    if (object.spec !== undefined) fill(object.spec, { overriders: {} });
  },
};

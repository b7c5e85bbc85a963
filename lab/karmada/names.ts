/** Names, labels and annotations that Karmada gives, by which its parts and its users find each other. */
import { createHash } from 'node:crypto';

const EXECUTION_SPACE = 'karmada-es-';

export const label = {
  bindingId: 'resourcebinding.karmada.io/permanent-id',
  clusterBindingId: 'clusterresourcebinding.karmada.io/permanent-id',
  policyId: 'propagationpolicy.karmada.io/permanent-id',
  clusterPolicyId: 'clusterpropagationpolicy.karmada.io/permanent-id',
  workId: 'work.karmada.io/permanent-id',
  managed: 'karmada.io/managed',
  system: 'karmada.io/system',
  skipNamespace: 'namespace.karmada.io/skip-auto-propagation',
} as const;

export const annotation = {
  appliedPlacement: 'policy.karmada.io/applied-placement',
  appliedOverrides: 'policy.karmada.io/applied-overrides',
  appliedClusterOverrides: 'policy.karmada.io/applied-cluster-overrides',
  policyNamespace: 'propagationpolicy.karmada.io/namespace',
  policyName: 'propagationpolicy.karmada.io/name',
  clusterPolicyName: 'clusterpropagationpolicy.karmada.io/name',
  bindingNamespace: 'resourcebinding.karmada.io/namespace',
  bindingName: 'resourcebinding.karmada.io/name',
  clusterBindingName: 'clusterresourcebinding.karmada.io/name',
  workNamespace: 'work.karmada.io/namespace',
  workName: 'work.karmada.io/name',
  conflictResolution: 'work.karmada.io/conflict-resolution',
  templateGeneration: 'resourcetemplate.karmada.io/generation',
  templateUid: 'resourcetemplate.karmada.io/uid',
  managedLabels: 'resourcetemplate.karmada.io/managed-labels',
  managedAnnotations: 'resourcetemplate.karmada.io/managed-annotations',
} as const;

export const finalizer = {
  cluster: 'karmada.io/cluster-controller',
  execution: 'karmada.io/execution-controller',
  binding: 'karmada.io/binding-controller',
  clusterBinding: 'karmada.io/cluster-resource-binding-controller',
} as const;

/** `hello`, `Deployment` → `hello-deployment`. */
export function bindingName(kind: string, name: string): string {
  return `${name}-${kind}`.replaceAll(':', '.').toLowerCase();
}

/** `hello-` and a short hash of namespace, name and kind. */
export function workName(kind: string, name: string, namespace = ''): string {
  const hash = createHash('sha1').update(`${namespace}-${name}-${kind}`.toLowerCase()).digest('hex');
  return `${name.replaceAll(':', '.').toLowerCase()}-${hash.slice(0, 10)}`;
}

export function executionSpace(cluster: string): string {
  return EXECUTION_SPACE + cluster;
}

export function clusterOfSpace(namespace: string | undefined): string | undefined {
  return namespace?.startsWith(EXECUTION_SPACE) ? namespace.slice(EXECUTION_SPACE.length) : undefined;
}

/** Namespaces of Karmada and Kubernetes themselves: nothing in them is propagated. */
export function isReserved(namespace: string | undefined): boolean {
  return /^(kube-|karmada-es-|karmada-system$|karmada-cluster$)/.test(namespace ?? '');
}

/** What Karmada's interpreter reads out of workloads and writes into them. */
import type { KubeObject } from '../store.ts';
import { writeAmounts } from './members/quantity.ts';
import { requestsOf } from './members/summary.ts';

/** The field that holds the number of pods, by kind; a DaemonSet has none. */
const replicaFields: Record<string, string> = {
  Deployment: 'replicas',
  ReplicaSet: 'replicas',
  StatefulSet: 'replicas',
  Job: 'parallelism',
};

/** Undefined for what has no replicas to divide. */
export function replicasOf({ kind, spec }: KubeObject): number | undefined {
  const field = replicaFields[kind];
  return field === undefined ? undefined : (spec?.[field] ?? 1);
}

export function requirementsOf(
  template: KubeObject,
): { resourceRequest: Record<string, string> } | undefined {
  if (replicaFields[template.kind] === undefined) return undefined;
  const { pods: _pods, ...requests } = requestsOf(template.spec?.template?.spec);
  return Object.keys(requests).length > 0 ? { resourceRequest: writeAmounts(requests) } : undefined;
}

export function setReplicas(manifest: KubeObject, replicas: number): void {
  const field = replicaFields[manifest.kind];
  if (field !== undefined) manifest.spec[field] = replicas;
}

/** What Karmada's interpreter makes of a member's object: its health, and the part of its status that is reported. */
import type { KubeObject } from '../store.ts';
import { annotation } from './names.ts';
import type { Health } from './types.ts';

/** Kinds that say nothing of their health count as healthy. */
export function healthOf(object: KubeObject): Health {
  return isHealthy(object) ? 'Healthy' : 'Unhealthy';
}

function isHealthy(object: KubeObject): boolean {
  const { kind, spec, status = {}, metadata } = object;
  if (kind === 'Deployment' || kind === 'StatefulSet') {
    if ((status.observedGeneration ?? 0) !== metadata.generation) return false;
    const updated = status.updatedReplicas ?? 0;
    return updated >= (spec.replicas ?? 1) && (status.availableReplicas ?? 0) >= updated;
  }
  if (kind === 'DaemonSet') {
    if ((status.observedGeneration ?? 0) !== metadata.generation) return false;
    const updated = status.updatedNumberScheduled ?? 0;
    return updated >= (status.desiredNumberScheduled ?? 0) && (status.numberAvailable ?? 0) >= updated;
  }
  if (kind === 'Ingress' || (kind === 'Service' && spec.type === 'LoadBalancer'))
    return (status.loadBalancer?.ingress ?? []).length > 0;
  if (kind === 'PodDisruptionBudget') return (status.currentHealthy ?? 0) >= (status.desiredHealthy ?? 0);
  return true;
}

/** Undefined when the member has written no status yet; zero counts are left out, as in every Kubernetes status. */
export function reportedStatus({ kind, status, metadata }: KubeObject): object | undefined {
  if (!status || Object.keys(status).length === 0) return undefined;
  if (kind !== 'Deployment') return status;
  const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'];
  const { generation } = metadata;
  const templateGeneration = Number(metadata.annotations?.[annotation.templateGeneration] ?? 0);
  return {
    ...(generation && { generation }),
    ...(templateGeneration && { resourceTemplateGeneration: templateGeneration }),
    ...(status.observedGeneration && { observedGeneration: status.observedGeneration }),
    ...Object.fromEntries(counts.filter((count) => status[count]).map((count) => [count, status[count]])),
  };
}

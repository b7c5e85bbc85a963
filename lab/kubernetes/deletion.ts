/** What a deletion request asks for, and what keeps an object there for a while. */
import type { KubeObject, Resource } from '../store.ts';

export interface Deletion {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** Only a pod that runs on a node is stopped gracefully: its kubelet removes it once it has ended. */
export function graceSeconds(resource: Resource, object: KubeObject, asked: number | undefined): number {
  if (resource !== 'core/pods') return 0;
  const phase = object.status?.phase;
  if (!object.spec?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
  return asked ?? object.spec.terminationGracePeriodSeconds ?? 30;
}

/** Finalizers left, or for a namespace its content, or for a pod its grace period. */
export function isHeld(resource: Resource, object: KubeObject): boolean {
  if ((object.metadata.finalizers?.length ?? 0) > 0) return true;
  if (resource === 'core/namespaces' && (object.spec?.finalizers?.length ?? 0) > 0) return true;
  return (object.metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

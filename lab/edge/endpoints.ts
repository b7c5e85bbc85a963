/** The pods behind a Service that may get requests now. */
import type { KubeObject, ObjectReader } from '../store.ts';

export function readyPods(service: KubeObject, store: ObjectReader): KubeObject[] {
  const { name, namespace } = service.metadata;
  const labels = { 'kubernetes.io/service-name': name };
  const slices = store.list('discovery.k8s.io/endpointslices', { ...(namespace && { namespace }), labels });
  return slices.length > 0 ? fromSlices(slices, store) : fromSelector(service, store);
}

interface Endpoint {
  conditions?: { ready?: boolean };
  targetRef?: { kind: string; name: string; namespace?: string };
}

function fromSlices(slices: KubeObject[], store: ObjectReader): KubeObject[] {
  return slices
    .flatMap((slice) => (slice.endpoints ?? []) as Endpoint[])
    .filter(({ conditions, targetRef }) => conditions?.ready !== false && targetRef?.kind === 'Pod')
    .flatMap(({ targetRef }) => store.get('core/pods', targetRef?.namespace, targetRef?.name ?? '') ?? []);
}

/** For a cluster without an endpoint slice controller. */
function fromSelector(service: KubeObject, store: ObjectReader): KubeObject[] {
  const { selector } = service.spec ?? {};
  const { namespace } = service.metadata;
  if (!selector) return [];
  return store
    .list('core/pods', { ...(namespace && { namespace }), labels: selector })
    .filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
}

export function isReady(pod: KubeObject): boolean {
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

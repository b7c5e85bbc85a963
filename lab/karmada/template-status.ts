/** The status a template shows on the federation: what its members reported, summed; stale parts included. */
import type { KubeObject } from '../store.ts';
import type { AggregatedStatusItem } from './types.ts';

/** Undefined for kinds whose status is not summed. */
export function summedStatus(
  template: KubeObject,
  items: readonly AggregatedStatusItem[],
): object | undefined {
  if (template.kind === 'Deployment') return deploymentStatus(template, items);
  if (template.kind === 'Ingress' || template.kind === 'Service') return balancerStatus(items);
  return undefined;
}

function deploymentStatus({ metadata, status }: KubeObject, items: readonly AggregatedStatusItem[]): object {
  const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'];
  const sums = counts.map((count) => [
    count,
    items.reduce((sum, item) => sum + (item.status?.[count] ?? 0), 0),
  ]);
  const generation = metadata.generation ?? 0;
  const current = items.every(
    ({ status: reported }) =>
      reported &&
      (reported.observedGeneration ?? 0) >= (reported.generation ?? 0) &&
      (reported.resourceTemplateGeneration ?? 0) >= generation,
  );
  const observedGeneration = current ? generation : status?.observedGeneration;
  return {
    ...(observedGeneration && { observedGeneration }),
    ...Object.fromEntries(sums.filter(([, sum]) => sum !== 0)),
  };
}

/** All members' addresses, in the order of the clusters. */
function balancerStatus(items: readonly AggregatedStatusItem[]): object {
  const ingress = items.flatMap((item) => item.status?.loadBalancer?.ingress ?? []);
  return { loadBalancer: ingress.length > 0 ? { ingress } : {} };
}

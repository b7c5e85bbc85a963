/** How many replicas still fit into a cluster by its resource summary: the general estimator (there is no other). */
import { addAmounts, amountsOf, times } from '../members/quantity.ts';
import type { BindingSpec, ClusterObject } from '../types.ts';

export function roomFor(cluster: ClusterObject, spec: BindingSpec): number {
  const summary = cluster.status?.resourceSummary;
  if (!summary) return 0;
  const free = amountsOf(summary.allocatable);
  for (const used of [summary.allocated, summary.allocating]) {
    const negative = Object.entries(amountsOf(used)).map(([name, value]) => [name, -value]);
    addAmounts(free, Object.fromEntries(negative));
  }
  return times(free, { pods: 1, ...amountsOf(spec.replicaRequirements?.resourceRequest) });
}

/** Which clusters a workload may be placed on: the scheduler's filters, with the reasons Karmada gives. */
import { clusterMatches } from '../selectors.ts';
import { repellingTaint, taintText } from '../taints.ts';
import type { BindingSpec, ClusterAffinity, ClusterObject } from '../types.ts';

/** Undefined when the cluster fits; otherwise why not. */
export function misfit(
  cluster: ClusterObject,
  spec: BindingSpec,
  affinity: ClusterAffinity | undefined,
): string | undefined {
  const { name } = cluster.metadata;
  const placed = spec.clusters?.some((target) => target.name === name) ?? false;
  if (affinity && !clusterMatches(cluster, affinity))
    return 'cluster(s) did not match the placement cluster affinity constraint';
  // What is placed already stays: taints are the taint manager's business, a lost API is nobody's.
  if (!placed) {
    const taint = repellingTaint(cluster.spec.taints ?? [], spec.placement?.clusterTolerations);
    if (taint) return `cluster(s) had untolerated taint {${taintText(taint)}}`;
    if (!hasApi(cluster, spec)) return 'cluster(s) did not have the API resource';
  }
  if (spec.gracefulEvictionTasks?.some((task) => task.fromCluster === name))
    return 'cluster(s) is in the process of eviction';
  return missingTopology(cluster, spec);
}

function hasApi(cluster: ClusterObject, { resource }: BindingSpec): boolean {
  const group = cluster.status?.apiEnablements?.find((each) => each.groupVersion === resource.apiVersion);
  return group?.resources.some((each) => each.kind === resource.kind) ?? false;
}

function missingTopology(cluster: ClusterObject, spec: BindingSpec): string | undefined {
  const { provider, region, zones } = cluster.spec;
  for (const { spreadByField } of spec.placement?.spreadConstraints ?? []) {
    if (spreadByField === 'provider' && !provider) return 'cluster(s) did not have provider property';
    if (spreadByField === 'region' && !region) return 'cluster(s) did not have region property';
    if (spreadByField === 'zone' && !zones?.length) return 'cluster(s) did not have zones property';
  }
  return undefined;
}

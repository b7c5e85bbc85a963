/** ClusterTaintPolicy: taints put on and taken off Clusters by their conditions. */
import { timestamp } from '../../clock.ts';
import { allClusters, CLUSTERS, clusterOf } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { createQueue } from '../queue.ts';
import { clusterMatches } from '../selectors.ts';
import { sameTaint } from '../taints.ts';
import type { ClusterAffinity, ClusterObject, Condition, Taint } from '../types.ts';

const TAINT_POLICIES = 'policy.karmada.io/clustertaintpolicies';

interface MatchCondition {
  conditionType: string;
  operator: 'In' | 'NotIn';
  statusValues: string[];
}

interface TaintPolicySpec {
  targetClusters?: ClusterAffinity;
  addOnConditions?: MatchCondition[];
  removeOnConditions?: MatchCondition[];
  taints: Taint[];
}

export function startTaintPolicies(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'cluster-taint-policy', timings.clusterMs, (name) => {
    applyPolicies(context, name);
    return undefined;
  });
  const stops = [
    inform(federation, [CLUSTERS], ({ type, object }) => {
      if (type !== 'DELETED') queue.add(object.metadata.name);
    }),
    inform(federation, [TAINT_POLICIES], () => {
      for (const { metadata } of allClusters(federation)) queue.add(metadata.name);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function applyPolicies({ federation, clock }: Context, name: string): void {
  const cluster = clusterOf(federation, name);
  if (!cluster) return;
  const before = cluster.spec.taints ?? [];
  let taints = before;
  for (const { spec } of federation.list(TAINT_POLICIES).sort(byCreation)) {
    const policy = spec as TaintPolicySpec;
    if (policy.targetClusters && !clusterMatches(cluster, policy.targetClusters)) continue;
    if (holds(cluster, policy.addOnConditions))
      taints = withTaints(taints, policy.taints, timestamp(clock.now()));
    if (holds(cluster, policy.removeOnConditions))
      taints = taints.filter((taint) => !policy.taints.some((each) => sameTaint(each, taint)));
  }
  if (taints.length === before.length && taints.every((taint, at) => taint === before[at])) return;
  federation.update(CLUSTERS, undefined, name, (object) => {
    (object as ClusterObject).spec.taints = taints;
  });
}

function byCreation(a: { metadata: { creationTimestamp?: string } }, b: typeof a): number {
  return (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1;
}

/** All must hold; none given never holds, nor does one on a condition that was never written. */
function holds({ status }: ClusterObject, rules: MatchCondition[] = []): boolean {
  return rules.length > 0 && rules.every((rule) => conditionHolds(status?.conditions ?? [], rule));
}

function conditionHolds(
  conditions: Condition[],
  { conditionType, operator, statusValues }: MatchCondition,
): boolean {
  const condition = conditions.find(({ type }) => type === conditionType);
  if (!condition) return false;
  return statusValues.includes(condition.status) === (operator === 'In');
}

function withTaints(taints: readonly Taint[], more: readonly Taint[], timeAdded: string): Taint[] {
  const added = more.filter((taint) => !taints.some((each) => sameTaint(each, taint)));
  return [
    ...taints,
    ...added.map(({ key, value, effect }) => ({ key, ...(value && { value }), effect, timeAdded })),
  ];
}

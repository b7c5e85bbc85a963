/** Which policy a resource follows. */
import type { MemoryStore } from '../kubernetes/store.ts';
import type { KubeObject } from '../store.ts';
import { label } from './names.ts';
import { closeness, resourceCloseness } from './selectors.ts';

export const POLICIES = 'policy.karmada.io/propagationpolicies';
export const CLUSTER_POLICIES = 'policy.karmada.io/clusterpropagationpolicies';

/**
 * The policy that holds the resource, as long as it selects it; else the one with the highest priority, then the
 * closest selector, then the first name; those of the resource's own namespace before cluster-wide ones.
 */
export function policyFor(store: MemoryStore, object: KubeObject): KubeObject | undefined {
  const { namespace, labels } = object.metadata;
  const own = namespace ? store.list(POLICIES, { namespace }) : [];
  return (
    choose(object, own, labels?.[label.policyId]) ??
    choose(object, store.list(CLUSTER_POLICIES), labels?.[label.clusterPolicyId])
  );
}

function choose(
  object: KubeObject,
  policies: KubeObject[],
  holder: string | undefined,
): KubeObject | undefined {
  const matching = policies
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map((policy) => ({ policy, close: resourceCloseness(object, policy.spec?.resourceSelectors ?? []) }))
    .filter(({ close }) => close > closeness.none);
  const held = matching.find(({ policy }) => holder !== undefined && permanentId(policy) === holder);
  const [best] = matching.sort(
    (a, b) =>
      (b.policy.spec.priority ?? 0) - (a.policy.spec.priority ?? 0) ||
      b.close - a.close ||
      (a.policy.metadata.name < b.policy.metadata.name ? -1 : 1),
  );
  return (held ?? best)?.policy;
}

export function permanentId(policy: KubeObject): string | undefined {
  const { labels } = policy.metadata;
  return labels?.[policy.kind === 'PropagationPolicy' ? label.policyId : label.clusterPolicyId];
}

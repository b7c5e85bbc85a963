/** Which resources a policy selects and which clusters an affinity selects, by Karmada's rules. */
import type { KubeObject } from '../store.ts';
import type {
  ClusterAffinity,
  ClusterObject,
  LabelSelector,
  Requirement,
  ResourceSelector,
} from './types.ts';

/** How closely a selector names a resource; a policy with the closer match wins. */
export const closeness = { none: 0, all: 1, labels: 2, name: 3 } as const;

export function resourceCloseness(object: KubeObject, selectors: readonly ResourceSelector[]): number {
  return Math.max(closeness.none, ...selectors.map((selector) => selectorCloseness(object, selector)));
}

function selectorCloseness(object: KubeObject, selector: ResourceSelector): number {
  if (object.apiVersion !== selector.apiVersion || object.kind !== selector.kind) return closeness.none;
  if (selector.namespace && object.metadata.namespace !== selector.namespace) return closeness.none;
  // A name makes the label selector ignored.
  if (selector.name) return selector.name === object.metadata.name ? closeness.name : closeness.none;
  if (!selector.labelSelector) return closeness.all;
  return labelsMatch(object.metadata.labels, selector.labelSelector) ? closeness.labels : closeness.none;
}

export function labelsMatch(labels: Record<string, string> = {}, selector: LabelSelector): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((rule) => requirementHolds(labels, rule));
}

function requirementHolds(labels: Record<string, string>, rule: Requirement): boolean {
  const value = labels[rule.key];
  if (rule.operator === 'Exists') return value !== undefined;
  if (rule.operator === 'DoesNotExist') return value === undefined;
  const listed = value !== undefined && (rule.values ?? []).includes(value);
  return rule.operator === 'In' ? listed : !listed;
}

export function clusterMatches(cluster: ClusterObject, affinity: ClusterAffinity): boolean {
  const { name, labels } = cluster.metadata;
  if (affinity.exclude?.includes(name)) return false;
  if (affinity.labelSelector && !labelsMatch(labels, affinity.labelSelector)) return false;
  const fields = affinity.fieldSelector?.matchExpressions ?? [];
  if (!fields.every((rule) => fieldHolds(cluster, rule))) return false;
  return !affinity.clusterNames?.length || affinity.clusterNames.includes(name);
}

function fieldHolds(cluster: ClusterObject, rule: Requirement): boolean {
  if (rule.key === 'zone') return zonesHold(cluster.spec.zones ?? [], rule);
  const { provider, region } = cluster.spec;
  return requirementHolds({ ...(provider && { provider }), ...(region && { region }) }, rule);
}

/** A cluster spans several zones: one of them is enough for `In`, none may be listed for `NotIn`. */
function zonesHold(zones: string[], rule: Requirement): boolean {
  const listed = zones.some((zone) => rule.values?.includes(zone));
  if (rule.operator === 'In') return listed;
  if (rule.operator === 'NotIn') return !listed;
  return rule.operator === 'Exists' ? zones.length > 0 : zones.length === 0;
}

/** Override policies: what a manifest is changed to for one cluster. */
import type { Json } from '../../kubernetes/patch/json.ts';
import { jsonPatch, type Operation } from '../../kubernetes/patch/json-patch.ts';
import type { MemoryStore } from '../../kubernetes/store.ts';
import type { KubeObject } from '../../store.ts';
import { annotation } from '../names.ts';
import { closeness, clusterMatches, resourceCloseness } from '../selectors.ts';
import type { ClusterAffinity, ClusterObject } from '../types.ts';
import { type CommandOverrider, overrideWords } from './command.ts';
import { type FieldOverrider, overrideField } from './field.ts';
import { type ImageOverrider, overrideImages } from './image.ts';
import { type MapOverrider, overrideMap } from './map.ts';

export interface Overriders {
  plaintext?: { operator: 'add' | 'remove' | 'replace'; path: string; value?: Json }[];
  imageOverrider?: ImageOverrider[];
  commandOverrider?: CommandOverrider[];
  argsOverrider?: CommandOverrider[];
  labelsOverrider?: MapOverrider[];
  annotationsOverrider?: MapOverrider[];
  fieldOverrider?: FieldOverrider[];
}

interface Rule {
  targetCluster?: ClusterAffinity;
  overriders: Overriders;
}

/**
 * Changes `manifest` in place and returns the annotations that record which policies did it. Cluster-wide policies
 * first, then those of the namespace; within each the loosest selector first, so that the closest has the last word.
 */
export function overridden(
  store: MemoryStore,
  manifest: KubeObject,
  cluster: ClusterObject,
): Record<string, string> {
  const { namespace } = manifest.metadata;
  const wide = applyAll(store.list('policy.karmada.io/clusteroverridepolicies'), manifest, cluster);
  const own = namespace
    ? applyAll(store.list('policy.karmada.io/overridepolicies', { namespace }), manifest, cluster)
    : [];
  return {
    ...(wide.length > 0 && { [annotation.appliedClusterOverrides]: JSON.stringify(wide) }),
    ...(own.length > 0 && { [annotation.appliedOverrides]: JSON.stringify(own) }),
  };
}

function applyAll(policies: KubeObject[], manifest: KubeObject, cluster: ClusterObject): object[] {
  const close = ({ spec }: KubeObject) =>
    spec.resourceSelectors?.length ? resourceCloseness(manifest, spec.resourceSelectors) : closeness.all;
  const matching = policies
    .map((policy) => ({ policy, close: close(policy), name: policy.metadata.name }))
    .filter((each) => each.close > closeness.none)
    .sort((a, b) => a.close - b.close || (a.name < b.name ? -1 : 1));
  return matching.flatMap(({ policy, name }) =>
    rulesOf(policy)
      .filter(({ targetCluster }) => !targetCluster || clusterMatches(cluster, targetCluster))
      .map(({ overriders }) => {
        apply(manifest, overriders);
        return { policyName: name, overriders };
      }),
  );
}

/** `overrideRules`, or the deprecated pair at the top of the spec. */
function rulesOf({ spec }: KubeObject): Rule[] {
  if (spec.overrideRules?.length) return spec.overrideRules;
  return spec.overriders ? [{ targetCluster: spec.targetCluster, overriders: spec.overriders }] : [];
}

/** In Karmada's order: plaintext comes last. */
function apply(manifest: KubeObject, overriders: Overriders): void {
  for (const each of overriders.imageOverrider ?? []) overrideImages(manifest, each);
  for (const each of overriders.commandOverrider ?? []) overrideWords(manifest, 'command', each);
  for (const each of overriders.argsOverrider ?? []) overrideWords(manifest, 'args', each);
  for (const each of overriders.labelsOverrider ?? []) overrideMap(manifest, 'labels', each);
  for (const each of overriders.annotationsOverrider ?? []) overrideMap(manifest, 'annotations', each);
  for (const each of overriders.fieldOverrider ?? []) overrideField(manifest, each);
  const operations = (overriders.plaintext ?? []).map(
    ({ operator, path, value }): Operation => ({ op: operator, path, ...(value !== undefined && { value }) }),
  );
  replaceWith(manifest, jsonPatch(manifest as unknown as Json, operations) as unknown as KubeObject);
}

function replaceWith(manifest: KubeObject, patched: KubeObject): void {
  for (const field of Object.keys(manifest)) delete manifest[field];
  Object.assign(manifest, patched);
}

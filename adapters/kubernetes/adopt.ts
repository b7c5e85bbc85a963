/**
 * What we edited by a patch belongs to us as an `Update`, and an `Apply` of ours does not remove it when the manifest
 * no longer has it: a policy would keep the affinity of the one before. So such fields are first made those of our
 * `Apply`, as client-go's csaupgrade does.
 */
import { type Fields, unionOf } from '../../activities/kubernetes/owned.ts';
import type { KubeObject } from '../../activities/ports/plane.ts';

type Entry = NonNullable<KubeObject['metadata']['managedFields']>[number];

/** The managed fields with our edits among what we applied; undefined when there is nothing to adopt. */
export function adopted(object: KubeObject, manager: string): Entry[] | undefined {
  const entries = object.metadata.managedFields ?? [];
  const isEdit = (entry: Entry) =>
    entry.manager === manager && entry.operation === 'Update' && !entry.subresource;
  const edits = entries.filter(isEdit);
  if (edits.length === 0) return undefined;
  const isApplied = (entry: Entry) =>
    entry.manager === manager && entry.operation === 'Apply' && !entry.subresource;
  const ours = entries.filter((entry) => isEdit(entry) || isApplied(entry));
  const fieldsV1 = ours.map((entry) => (entry.fieldsV1 ?? {}) as Fields).reduce(unionOf, {});
  const base = entries.find(isApplied) ?? { ...edits[0]!, operation: 'Apply' };
  return [{ ...base, fieldsV1 }, ...entries.filter((entry) => !ours.includes(entry))];
}

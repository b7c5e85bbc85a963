/** Applies a patch of any format but server-side apply. */
import type { KubeObject } from '../../store.ts';
import type { ResourceType } from '../resources.ts';
import { badRequest, StatusError } from '../status-error.ts';
import type { Json } from './json.ts';
import { jsonPatch, type Operation } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMerge } from './strategic-merge.ts';

const formats = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

export function patched(type: ResourceType, live: KubeObject, contentType: string, patch: unknown): unknown {
  const target = live as unknown as Json;
  const structural = type.custom || type.group.endsWith('.karmada.io');
  const accepted = formats.filter((format) => !structural || !format.includes('strategic'));
  if (!accepted.includes(contentType))
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    );
  if (contentType === 'application/json-patch+json') {
    if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
    return jsonPatch(target, patch as Operation[]);
  }
  if (contentType === 'application/merge-patch+json') return mergePatch(target, patch as Json);
  return strategicMerge(target, patch as Json);
}

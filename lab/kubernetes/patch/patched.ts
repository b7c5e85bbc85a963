/** Applies a patch of any format but server-side apply. */
import type { KubeObject } from '../../store.ts';
import type { ResourceType } from '../resources.ts';
import { badRequest, StatusError } from '../status-error.ts';
import { isObject, type Json } from './json.ts';
import { jsonPatch, type Operation } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMerge } from './strategic-merge.ts';

const formats = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

function undecodable(patch: unknown, wanted: string): StatusError {
  if (patch === undefined) return badRequest('error decoding patch: unexpected end of JSON input');
  const found = Array.isArray(patch) ? 'array' : typeof patch;
  return badRequest(`error decoding patch: json: cannot unmarshal ${found} into Go value of type ${wanted}`);
}

export function patched(type: ResourceType, live: KubeObject, contentType: string, patch: unknown): unknown {
  const target = live as unknown as Json;
  // Clusters are served by an API server of Karmada's own, with Go types, not from a definition.
  const structural =
    type.custom || (type.group.endsWith('.karmada.io') && type.group !== 'cluster.karmada.io');
  const accepted = formats.filter((format) => !structural || !format.includes('strategic'));
  if (!formats.includes(contentType) && !structural)
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  if (!accepted.includes(contentType))
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    );
  if (contentType === 'application/json-patch+json') {
    if (!Array.isArray(patch)) throw undecodable(patch, '[]handlers.jsonPatchOp');
    return jsonPatch(target, patch as Operation[]);
  }
  if (!isObject(patch)) throw undecodable(patch, 'map[string]interface {}');
  if (contentType === 'application/merge-patch+json') return mergePatch(target, patch as Json);
  return strategicMerge(target, patch as Json);
}

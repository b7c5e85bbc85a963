/** Where an object lives: from apiVersion and kind to a path, by the server's own discovery. */
import { refused } from '../../activities/failure.ts';
import type { KubeObject, ObjectRef } from '../../activities/ports/plane.ts';
import { accept } from './answer.ts';
import type { KubeApi } from './api.ts';

export interface KnownResource {
  plural: string;
  namespaced: boolean;
}

export type FindResource = (apiVersion: string, kind: string, signal: AbortSignal) => Promise<KnownResource>;

/** Remembers what was found; what was not found is asked again, since a CRD may have come meanwhile. */
export function discover(api: KubeApi): FindResource {
  const known = new Map<string, KnownResource>();
  return async (apiVersion, kind, signal) => {
    const key = `${apiVersion}/${kind}`;
    const found = known.get(key);
    if (found) return found;
    const asked = { verb: 'discover', object: apiVersion };
    const answer = await api.send(asked, { method: 'GET', path: groupPath(apiVersion) }, signal);
    const list = answer.status === 404 ? { resources: [] } : accept(answer, { plane: api.name, ...asked });
    for (const resource of list.resources as { name: string; kind: string; namespaced: boolean }[])
      if (!resource.name.includes('/'))
        known.set(`${apiVersion}/${resource.kind}`, {
          plural: resource.name,
          namespaced: resource.namespaced,
        });
    const now = known.get(key);
    if (now) return now;
    throw refused({
      code: 'FD3015',
      where: api.name,
      what: `the API server knows no ${kind} of ${apiVersion}`,
      remedy: 'Correct apiVersion and kind, or install its CRD first',
    });
  };
}

export function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

export function resourcePath(
  apiVersion: string,
  plural: string,
  namespace?: string,
  ...rest: string[]
): string {
  const inNamespace = namespace === undefined ? [] : ['namespaces', namespace];
  return [groupPath(apiVersion), ...[...inNamespace, plural, ...rest].map(encodeURIComponent)].join('/');
}

export function refOf(object: KubeObject): ObjectRef {
  const { name, namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
}

export const describeRef = (ref: ObjectRef): string =>
  `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;

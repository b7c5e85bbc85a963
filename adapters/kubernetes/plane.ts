/** The port `Plane` over one API server. */
import { readFileSync } from 'node:fs';
import { refused } from '../../activities/failure.ts';
import type { Endpoint, KubeObject, ObjectRef, Plane } from '../../activities/ports/plane.ts';
import { allowed, whoAmI } from './access.ts';
import { accept } from './answer.ts';
import type { KubeApi } from './api.ts';
import { applyObject, FIELD_MANAGER } from './apply.ts';
import { describeRef, discover, refOf, resourcePath } from './paths.ts';
import { expiriesOf } from './rejected.ts';

export function createPlane(api: KubeApi): Plane {
  const find = discover(api);

  async function pathOf(ref: ObjectRef, signal: AbortSignal, collection = false): Promise<string> {
    const { plural, namespaced } = await find(ref.apiVersion, ref.kind, signal);
    const namespace = namespaced ? (ref.namespace ?? 'default') : undefined;
    return collection
      ? resourcePath(ref.apiVersion, plural, namespace)
      : resourcePath(ref.apiVersion, plural, namespace, ref.name);
  }

  return {
    name: api.name,
    endpoint: () => endpointOf(api),
    expiries: () => expiriesOf(api.config, api.origin),
    whoAmI: (signal) => whoAmI(api, signal),
    allowed: (permission, signal) => allowed(api, permission, signal),
    apply: (object, signal) => applyObject(api, find, object, signal),

    async version(signal) {
      const asked = { verb: 'get', object: '/version' };
      const answer = await api.send(asked, { method: 'GET', path: '/version' }, signal);
      const version = accept(answer, { plane: api.name, ...asked })?.gitVersion;
      if (typeof version === 'string') return version;
      throw refused({
        code: 'FD3032',
        where: api.name,
        what: `${api.server} answers, but not as a Kubernetes API server`,
        remedy: `Correct the address in ${api.origin.cluster}; a login page or a proxy may stand before it`,
      });
    },

    async read(ref, signal) {
      const asked = { verb: 'get', object: describeRef(ref) };
      const answer = await api.send(asked, { method: 'GET', path: await pathOf(ref, signal) }, signal);
      return answer.status === 404 ? undefined : accept(answer, { plane: api.name, ...asked });
    },

    async list(apiVersion, kind, signal, namespace) {
      const { plural } = await find(apiVersion, kind, signal);
      const asked = { verb: 'list', object: plural };
      const path = resourcePath(apiVersion, plural, namespace);
      const answer = await api.send(asked, { method: 'GET', path }, signal);
      const items: KubeObject[] = accept(answer, { plane: api.name, ...asked }).items;
      return items.map((item) => ({ ...item, apiVersion, kind }));
    },

    async create(object, signal) {
      const asked = { verb: 'create', object: describeRef(refOf(object)) };
      const path = await pathOf(refOf(object), signal, true);
      const query = { fieldManager: FIELD_MANAGER };
      const answer = await api.send(asked, { method: 'POST', path, query, body: object }, signal);
      const there = answer.status === 409 && answer.body?.reason === 'AlreadyExists';
      return there ? undefined : accept(answer, { plane: api.name, ...asked });
    },

    async patch(ref, patch, signal) {
      const asked = { verb: 'patch', object: describeRef(ref) };
      const answer = await api.send(
        asked,
        {
          method: 'PATCH',
          path: await pathOf(ref, signal),
          query: { fieldManager: FIELD_MANAGER },
          contentType: 'application/merge-patch+json',
          body: patch,
        },
        signal,
      );
      if (answer.status === 409) return false;
      accept(answer, { plane: api.name, ...asked });
      return true;
    },

    async remove(ref, signal, uid) {
      const asked = { verb: 'delete', object: describeRef(ref) };
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      const answer = await api.send(
        asked,
        { method: 'DELETE', path: await pathOf(ref, signal), body },
        signal,
      );
      if (answer.status === 404 || (answer.status === 409 && uid !== undefined)) return false;
      accept(answer, { plane: api.name, ...asked });
      return true;
    },
  };
}

function endpointOf(api: KubeApi): Endpoint {
  const cluster = api.config.getCurrentCluster();
  const authority =
    cluster?.caData ?? (cluster?.caFile ? readFileSync(cluster.caFile).toString('base64') : undefined);
  return {
    server: api.server,
    insecure: cluster?.skipTLSVerify === true || api.server.startsWith('http:'),
    ...(authority === undefined ? {} : { certificateAuthority: authority }),
  };
}

/** Who we are and what we may, asked of the API server itself. */
import type { Grant, Identity } from '../../activities/ports/plane.ts';
import type { Permission } from '../../dsl/kind.ts';
import { accept } from './answer.ts';
import type { KubeApi } from './api.ts';
import { resourcePath } from './paths.ts';

export async function whoAmI(api: KubeApi, signal: AbortSignal): Promise<Identity> {
  const asked = { verb: 'create', object: 'selfsubjectreviews' };
  const answer = await api.send(
    asked,
    {
      method: 'POST',
      path: resourcePath('authentication.k8s.io/v1', 'selfsubjectreviews'),
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    },
    signal,
  );
  const info = accept(answer, { plane: api.name, ...asked }).status?.userInfo ?? {};
  return { user: info.username ?? '', groups: info.groups ?? [] };
}

export function allowed(api: KubeApi, permission: Permission, signal: AbortSignal): Promise<Grant[]> {
  const [resource, subresource] = permission.resource.split('/');
  const { group, namespace } = permission;
  return Promise.all(
    permission.verbs.map(async (verb) => {
      const asked = { verb: 'create', object: 'selfsubjectaccessreviews' };
      const resourceAttributes = { verb, group, resource, subresource, namespace };
      const answer = await api.send(
        asked,
        {
          method: 'POST',
          path: resourcePath('authorization.k8s.io/v1', 'selfsubjectaccessreviews'),
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectAccessReview',
            spec: { resourceAttributes },
          },
        },
        signal,
      );
      return { verb, allowed: accept(answer, { plane: api.name, ...asked }).status?.allowed === true };
    }),
  );
}

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

/** A verb is granted when it is for every name that is asked for. */
export function allowed(api: KubeApi, permission: Permission, signal: AbortSignal): Promise<Grant[]> {
  const names = permission.names ?? [undefined];
  return Promise.all(
    permission.verbs.map(async (verb) => {
      const answers = await Promise.all(names.map((name) => mayI(api, permission, verb, name, signal)));
      return { verb, allowed: answers.every((may) => may) };
    }),
  );
}

async function mayI(
  api: KubeApi,
  { group, namespace, resource: path }: Permission,
  verb: string,
  name: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const [resource, subresource] = path.split('/');
  const asked = { verb: 'create', object: 'selfsubjectaccessreviews' };
  const resourceAttributes = { verb, group, resource, subresource, namespace, name };
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
  return accept(answer, { plane: api.name, ...asked }).status?.allowed === true;
}

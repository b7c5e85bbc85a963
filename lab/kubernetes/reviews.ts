/** Questions an API server answers about rights and identity; nothing is stored. */
import { type Attributes, isAllowed } from './authorization.ts';
import { isObject, type JsonObject } from './patch/json.ts';
import type { Plane, Reply } from './plane.ts';
import { invalid } from './status-error.ts';
import type { User } from './tokens.ts';
import { wrong } from './validation/problems.ts';

const NEITHER = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';

function attributesOf(spec: JsonObject): Attributes {
  const resource = spec.resourceAttributes;
  if (isObject(resource)) {
    const text = (field: string) => (resource[field] ? String(resource[field]) : undefined);
    return {
      verb: text('verb') ?? '',
      group: text('group') ?? '',
      plural: text('resource') ?? '',
      subresource: text('subresource'),
      namespace: text('namespace'),
      name: text('name'),
    };
  }
  const path = spec.nonResourceAttributes;
  if (!isObject(path))
    throw invalid('authorization.k8s.io', '', '', [wrong('spec.resourceAttributes', null, NEITHER)]);
  return { verb: String(path.verb), path: String(path.path) };
}

function accessReview(plane: Plane, body: JsonObject, user: User): Reply {
  const spec = isObject(body.spec) ? body.spec : {};
  const allowed = isAllowed(plane.store, user, attributesOf(spec));
  const status = allowed ? { allowed, reason: 'RBAC: allowed' } : { allowed };
  return { code: 201, body: { ...body, status } };
}

export function review(plane: Plane, kind: string, body: unknown, user: User): Reply {
  const [group, version] = [kind.includes('Access') ? 'authorization' : 'authentication', 'v1'];
  const given: JsonObject = isObject(body) ? body : {};
  const asked: JsonObject = {
    kind,
    apiVersion: `${group}.k8s.io/${version}`,
    ...given,
    metadata: isObject(given.metadata) ? given.metadata : {},
  };
  if (kind === 'SelfSubjectAccessReview') return accessReview(plane, asked, user);
  const spec = isObject(asked.spec) ? asked.spec : {};
  if (kind === 'SubjectAccessReview')
    return accessReview(plane, asked, {
      username: String(spec.user ?? ''),
      groups: (spec.groups ?? []) as string[],
    });
  if (kind === 'TokenReview') {
    const found = plane.tokens.user(String(spec.token ?? ''));
    const status = found ? { authenticated: true, user: found } : { user: {}, error: 'invalid bearer token' };
    return { code: 201, body: { ...asked, status } };
  }
  return { code: 201, body: { ...asked, status: { userInfo: user } } };
}

/** Somebody else, and somebody who may only read: what a member's contract needs besides the member. */
import type { MemberCluster } from '../../activities/ports/member.ts';
import type { KubeObject } from '../../activities/ports/plane.ts';
import { type Connection, send } from './raw/connection.ts';

/** Server-side apply by force, over plain HTTP. */
export async function applyAs(manager: string, connection: Connection, object: KubeObject): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${object.metadata.namespace}/deployments/${object.metadata.name}`;
  const answer = await send(connection, {
    method: 'PATCH',
    path: `${path}?fieldManager=${manager}&force=true`,
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(object),
    caller: 'administrator',
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(text);
}

/** A service account that may list and get, and nothing else. */
export async function tokenOfReader(member: MemberCluster): Promise<string> {
  const { signal } = new AbortController();
  const account = { name: 'reader', namespace: 'default' };
  const api = 'rbac.authorization.k8s.io/v1';
  const role = { name: 'reader' };
  const annotations = { 'kubernetes.io/service-account.name': 'reader' };
  const objects = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    {
      apiVersion: api,
      kind: 'ClusterRole',
      metadata: role,
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: api,
      kind: 'ClusterRoleBinding',
      metadata: role,
      subjects: [{ kind: 'ServiceAccount', ...account }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { ...account, annotations },
    },
  ];
  for (const object of objects) await member.create(object, signal);
  const ref = { apiVersion: 'v1', kind: 'Secret', ...account };
  for (;;) {
    const token = (await member.read(ref, signal))?.['data']?.token;
    if (token) return Buffer.from(token, 'base64').toString();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

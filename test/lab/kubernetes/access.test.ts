import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AuthenticationV1Api, AuthorizationV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { CoreV1Api, openLab, refusal, type TestLab } from './cluster.ts';

let lab: TestLab;
let token: string;
const namespace = 'default';

beforeAll(async () => {
  lab = await openLab();
  const core = lab.client(CoreV1Api);
  const rbac = lab.client(RbacAuthorizationV1Api);
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'drill' } } });
  await rbac.createClusterRole({
    body: {
      metadata: { name: 'drill' },
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'patch'], resourceNames: [] },
        { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: ['mine'] },
      ],
    },
  });
  const subjects = [{ kind: 'ServiceAccount', name: 'drill', namespace }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'drill' };
  await rbac.createClusterRoleBinding({ body: { metadata: { name: 'drill' }, roleRef, subjects } });
  const requested = await core.createNamespacedServiceAccountToken({
    namespace,
    name: 'drill',
    body: { spec: { audiences: [], expirationSeconds: 600 } },
  });
  token = requested.status?.token ?? '';
});
afterAll(() => lab.close());

test('what the role allows works, the rest is refused with who, what and where', async () => {
  const core = lab.client(CoreV1Api, 'aks1', token);
  expect((await core.listNode()).items).toHaveLength(3);
  expect(await refusal(core.listNamespacedPod({ namespace }))).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message:
      'pods is forbidden: User "system:serviceaccount:default:drill" cannot list resource "pods" in API group "" in the namespace "default"',
    reason: 'Forbidden',
    details: { kind: 'pods' },
    code: 403,
  });
});

test('a rule with resource names holds for these only', async () => {
  const core = lab.client(CoreV1Api, 'aks1', token);
  expect(await refusal(core.readNamespacedConfigMap({ namespace, name: 'mine' }))).toMatchObject({
    code: 404,
  });
  expect(await refusal(core.readNamespacedConfigMap({ namespace, name: 'other' }))).toMatchObject({
    code: 403,
  });
});

test('a token of nobody is 401, no token is anonymous, an account that is gone is 401', async () => {
  expect(await refusal(lab.client(CoreV1Api, 'aks1', 'nonsense').listNode())).toMatchObject({ code: 401 });
  const answer = await fetch(`${lab.url()}/api/v1/nodes`);
  expect(answer.status).toBe(403);
  expect(((await answer.json()) as { message: string }).message).toContain('User "system:anonymous"');
  expect((await fetch(`${lab.url()}/readyz`)).status).toBe(200);
});

test('reviews answer about rights and identity', async () => {
  const reviews = lab.client(AuthorizationV1Api, 'aks1', token);
  const may = async (verb: string, resource: string, subresource?: string) => {
    const resourceAttributes = { verb, resource, group: '', namespace, ...(subresource && { subresource }) };
    const review = await reviews.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    return review.status?.allowed;
  };
  expect(await may('create', 'pods', 'eviction')).toBe(true);
  expect(await may('create', 'pods')).toBe(false);
  const self = await lab.client(AuthenticationV1Api, 'aks1', token).createSelfSubjectReview({ body: {} });
  expect(self.status?.userInfo?.username).toBe('system:serviceaccount:default:drill');
});

test('a Secret that asks for a token gets one, and its going ends it', async () => {
  const core = lab.client(CoreV1Api);
  const annotations = { 'kubernetes.io/service-account.name': 'drill' };
  const type = 'kubernetes.io/service-account-token';
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'kept', annotations }, type } });
  const data = await lab.until(() => lab.world.members.aks1?.get('core/secrets', namespace, 'kept')?.data);
  const bearer = Buffer.from(data.token, 'base64').toString();
  expect((await lab.client(CoreV1Api, 'aks1', bearer).listNode()).items).toHaveLength(3);
  await core.deleteNamespacedSecret({ namespace, name: 'kept' });
  expect(await refusal(lab.client(CoreV1Api, 'aks1', bearer).listNode())).toMatchObject({ code: 401 });
});

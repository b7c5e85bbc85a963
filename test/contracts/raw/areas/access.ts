import type { Api } from '../api.ts';
import { type Area, until } from '../case.ts';
import { CONFIG_MAPS, CORE, configMap, PODS, RBAC, strangersToken } from '../objects.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1';
const IDENTITY = '/apis/authentication.k8s.io/v1';

async function stranger(api: Api): Promise<Api> {
  return api.as({ token: await strangersToken(api) });
}

/** Somebody who may do these things in the case's namespace. */
async function somebody(api: Api, rule: object): Promise<Api> {
  await api.post(`${RBAC}/namespaces/{own}/roles`, { metadata: { name: 'a' }, rules: [rule] });
  await api.post(`${RBAC}/namespaces/{own}/rolebindings`, {
    metadata: { name: 'a' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
    subjects: [{ kind: 'ServiceAccount', name: 'stranger', namespace: '{own}' }],
  });
  return stranger(api);
}

const mayI = (api: Api, resourceAttributes: object) =>
  api.post(`${REVIEWS}/selfsubjectaccessreviews`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  });

export const access: Area = {
  title: 'Access',
  plane: 'member',
  cases: {
    'a token nobody knows': (api) => api.as({ token: 'nonsense' }).get('/api/v1/nodes'),
    'a token nobody knows, on a path': (api) => api.as({ token: 'nonsense' }).get('/version'),
    'nobody asks for a resource': (api) => api.as('nobody').get('/api/v1/nodes'),
    'nobody asks for a path': (api) => api.as('nobody').get('/apis'),
    'nobody asks for the version': async (api) => (await api.as('nobody').get('/version')).status,
    'nobody asks whether it is ready': async (api) => (await api.as('nobody').get('/readyz')).status,
    'may not list': async (api) => (await stranger(api)).get(PODS),
    'may not list anywhere': async (api) => (await stranger(api)).get('/api/v1/nodes'),
    'may not list all namespaces': async (api) => (await stranger(api)).get('/apis/apps/v1/deployments'),
    'may not watch': async (api) => (await stranger(api)).get(PODS, { watch: true }),
    'may not read one': async (api) => (await stranger(api)).get(`${PODS}/a`),
    'may not create': async (api) => (await stranger(api)).post(CONFIG_MAPS, configMap('a')),
    'may not patch': async (api) => (await stranger(api)).patch('/api/v1/nodes/a', 'merge', {}),
    'may not delete': async (api) => (await stranger(api)).delete(`${PODS}/a`),
    'may not delete many': async (api) => (await stranger(api)).delete(PODS),
    'may not scale': async (api) =>
      (await stranger(api)).patch('/apis/apps/v1/namespaces/{own}/deployments/a/scale', 'merge', {}),
    'may not read a path': async (api) => (await stranger(api)).get('/metrics'),
    'may not read a path that is nothing': async (api) => (await stranger(api)).get('/nothing'),
    'may not use a resource that is not served': async (api) =>
      (await stranger(api)).get('/apis/nothing.example.com/v1/nothings'),
    'may not read the namespace': async (api) => (await stranger(api)).get('/api/v1/namespaces/{own}'),
    async 'may, as far as the role goes'(api) {
      const rule = { apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'get'] };
      const one = await somebody(api, rule);
      await until(
        () => one.get(CONFIG_MAPS),
        ({ status }) => status === 200,
      );
      const refused = await one.post(CONFIG_MAPS, configMap('a'));
      const elsewhere = await one.get('/api/v1/namespaces/default/configmaps');
      return { refused: refused.status, elsewhere: elsewhere.status };
    },
    async 'may use only the object that is named'(api) {
      const rule = { apiGroups: [''], resources: ['configmaps'], resourceNames: ['a'], verbs: ['*'] };
      const one = await somebody(api, rule);
      await api.post(CONFIG_MAPS, configMap('a'));
      await until(
        () => one.get(`${CONFIG_MAPS}/a`),
        ({ status }) => status === 200,
      );
      const listed = await one.get(CONFIG_MAPS);
      const byName = await one.get(CONFIG_MAPS, { fieldSelector: 'metadata.name=a' });
      const created = await one.post(CONFIG_MAPS, configMap('a'));
      return { listed: listed.status, byName: byName.status, created: created.status };
    },
    async 'gives no more than one has'(api) {
      const rule = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['*'] };
      const one = await somebody(api, rule);
      const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
      return until(
        () => one.post(`${RBAC}/namespaces/{own}/roles`, { metadata: { name: 'more' }, rules }),
        ({ body }) => !body.message?.includes('cannot create resource'),
      );
    },
    async 'asks what it may: yes'(api) {
      const { status, body } = await mayI(api, {
        verb: 'create',
        resource: 'pods',
        subresource: 'eviction',
        namespace: '{own}',
      });
      return { status, kind: body.kind, spec: body.spec, allowed: body.status.allowed };
    },
    'asks what it may: no': async (api) =>
      mayI(await stranger(api), {
        verb: 'create',
        resource: 'pods',
        subresource: 'eviction',
        namespace: '{own}',
      }),
    async 'asks what it may: yes, by a role'(api) {
      const one = await somebody(api, { apiGroups: [''], resources: ['pods'], verbs: ['list'] });
      const { body } = await until(
        () => mayI(one, { verb: 'list', resource: 'pods', namespace: '{own}' }),
        (seen) => seen.body.status.allowed,
      );
      return body.status;
    },
    'asks what it may: about nothing': (api) => api.post(`${REVIEWS}/selfsubjectaccessreviews`, { spec: {} }),
    async 'asks what it may: of a path'(api) {
      const { body } = await (await stranger(api)).post(`${REVIEWS}/selfsubjectaccessreviews`, {
        spec: { nonResourceAttributes: { path: '/metrics', verb: 'get' } },
      });
      return body;
    },
    'asks about another': async (api) =>
      api.post(`${REVIEWS}/subjectaccessreviews`, {
        spec: { user: 'somebody', groups: ['some'], resourceAttributes: { verb: 'list', resource: 'pods' } },
      }),
    'asks for every rule': async (api) => {
      const one = await somebody(api, { apiGroups: [''], resources: ['pods'], verbs: ['list'] });
      const { status, body } = await until(
        () => one.post(`${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: '{own}' } }),
        (seen) => seen.status !== 201 || JSON.stringify(seen.body).includes('"pods"'),
      );
      return { status, rules: body.status?.resourceRules };
    },
    async 'asks who it is'(api) {
      const { status, body } = await (await stranger(api)).post(`${IDENTITY}/selfsubjectreviews`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      });
      const { username, groups, uid } = body.status.userInfo;
      return { status, kind: body.kind, username, groups, uid };
    },
    'nobody asks who it is': (api) => api.as('nobody').post(`${IDENTITY}/selfsubjectreviews`, {}),
    async 'a token'(api) {
      await api.post(`${CORE}/serviceaccounts`, { metadata: { name: 'a' } });
      const { status, body } = await api.post(`${CORE}/serviceaccounts/a/token`, {
        spec: { expirationSeconds: 600 },
      });
      const leftMs = Date.parse(body.status.expirationTimestamp) - Date.now();
      return { status, body, about: Math.round(leftMs / 60_000) };
    },
    async 'a token that lasts too short'(api) {
      await api.post(`${CORE}/serviceaccounts`, { metadata: { name: 'a' } });
      return api.post(`${CORE}/serviceaccounts/a/token`, { spec: { expirationSeconds: 5 } });
    },
    async 'a token for another audience'(api) {
      await api.post(`${CORE}/serviceaccounts`, { metadata: { name: 'a' } });
      const { body } = await api.post(`${CORE}/serviceaccounts/a/token`, {
        spec: { audiences: ['elsewhere'] },
      });
      return {
        audiences: body.spec.audiences,
        refused: await api.as({ token: body.status.token }).get('/version'),
      };
    },
    'a token of nobody': (api) => api.post(`${CORE}/serviceaccounts/none/token`, { spec: {} }),
    async 'a token in a Secret'(api) {
      await api.post(`${CORE}/serviceaccounts`, { metadata: { name: 'a' } });
      await api.post(`${CORE}/secrets`, {
        metadata: { name: 'a-token', annotations: { 'kubernetes.io/service-account.name': 'a' } },
        type: 'kubernetes.io/service-account-token',
      });
      const { body } = await until(
        () => api.get(`${CORE}/secrets/a-token`),
        (seen) => seen.body.data?.token,
      );
      const token = Buffer.from(body.data.token, 'base64').toString();
      const review = await api.as({ token }).post(`${IDENTITY}/selfsubjectreviews`, {});
      const dead = async () => api.as({ token }).get('/version');
      await api.delete(`${CORE}/serviceaccounts/a`);
      const after = await until(dead, ({ status }) => status === 401);
      return {
        keys: Object.keys(body.data).sort(),
        username: review.body.status.userInfo.username,
        after: after.status,
      };
    },
    async 'a token is reviewed'(api) {
      const token = await strangersToken(api);
      const good = await api.post(`${IDENTITY}/tokenreviews`, { spec: { token } });
      const bad = await api.post(`${IDENTITY}/tokenreviews`, {
        spec: { token: 'a-token-that-nobody-ever-issued' },
      });
      const { authenticated, user } = good.body.status;
      return {
        status: good.status,
        authenticated,
        username: user.username,
        groups: user.groups,
        bad: bad.body.status,
      };
    },
  },
};

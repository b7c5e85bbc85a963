import type { Api } from '../api.ts';
import { type Area, names } from '../case.ts';
import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment } from '../objects.ts';

/** The server's own `kube-root-ca.crt` is in every namespace: the label leaves it out. */
async function three(api: Api): Promise<void> {
  await api.post(CONFIG_MAPS, configMap('c', { page: 'yes', size: '3' }));
  await api.post(CONFIG_MAPS, configMap('a', { page: 'yes', size: '1', odd: '' }));
  await api.post(CONFIG_MAPS, configMap('b', { page: 'yes', size: '2' }));
}

const secret = (name: string) => ({ metadata: { name }, stringData: { a: '1' } });
const SECRETS = '/api/v1/namespaces/{own}/secrets';

export const lists: Area = {
  title: 'Lists',
  plane: 'member',
  cases: {
    async 'pages, and what is left of them'(api) {
      for (const name of ['c', 'a', 'b']) await api.post(SECRETS, secret(name));
      const first = await api.get(SECRETS, { limit: 2 });
      const next = await api.get(SECRETS, { limit: 2, continue: first.body.metadata.continue });
      const same = next.body.metadata.resourceVersion === first.body.metadata.resourceVersion;
      return { first: [names(first), first.body.metadata], next: [names(next), next.body.metadata], same };
    },
    async 'pages of a selection'(api) {
      await three(api);
      const { body } = await api.get(CONFIG_MAPS, { limit: 2, labelSelector: 'page=yes' });
      return body.metadata;
    },
    'a continue token that is none': (api) => api.get(CONFIG_MAPS, { limit: 2, continue: 'nonsense' }),
    async 'a continue token and a version'(api) {
      for (const name of ['a', 'b']) await api.post(SECRETS, secret(name));
      const { body } = await api.get(SECRETS, { limit: 1 });
      return api.get(SECRETS, { limit: 1, continue: body.metadata.continue, resourceVersion: 1 });
    },
    'a limit that is no number': (api) => api.get(CONFIG_MAPS, { limit: 'many' }),
    async 'any version will do (0)'(api) {
      const { status, body } = await api.get(CONFIG_MAPS, { resourceVersion: 0 });
      return { status, metadata: body.metadata };
    },
    'a version that is yet to come': (api) => api.get(CONFIG_MAPS, { resourceVersion: 999_999_999 }),
    'a version that is no number': (api) => api.get(CONFIG_MAPS, { resourceVersion: 'new' }),
    'a way of matching without a version': (api) => api.get(CONFIG_MAPS, { resourceVersionMatch: 'Exact' }),
    async 'exactly the version of before'(api) {
      const made = await api.post(CONFIG_MAPS, configMap('a', { page: 'yes' }));
      const { resourceVersion } = made.body.metadata;
      await api.post(CONFIG_MAPS, configMap('b', { page: 'yes' }));
      const query = { resourceVersion, resourceVersionMatch: 'Exact', labelSelector: 'page' };
      const exact = await api.get(CONFIG_MAPS, query);
      const newer = await api.get(CONFIG_MAPS, { ...query, resourceVersionMatch: 'NotOlderThan' });
      return { exact: names(exact), newer: names(newer) };
    },
    async 'label selectors'(api) {
      await three(api);
      const seen: Record<string, string[]> = {};
      const selectors = ['size=1', 'size==1', 'size in (1,2)', 'size notin (1, 2),page', 'odd', 'page,!odd'];
      for (const text of [...selectors, 'page=yes,size!=2', 'size>1', 'page,size<2', 'odd=', 'none=x'])
        seen[text] = names(await api.get(CONFIG_MAPS, { labelSelector: text }));
      return seen;
    },
    'a label selector that cannot be read': (api) => api.get(CONFIG_MAPS, { labelSelector: 'a=(b' }),
    'a label selector with a bad value': (api) => api.get(CONFIG_MAPS, { labelSelector: 'a=not_@_value' }),
    async 'field selectors'(api) {
      await three(api);
      const byName = await api.get(CONFIG_MAPS, { fieldSelector: 'metadata.name=a' });
      const others = await api.get(CONFIG_MAPS, { fieldSelector: 'metadata.name!=a', labelSelector: 'page' });
      return [names(byName), names(others)];
    },
    'a field nobody can select by': (api) => api.get(CONFIG_MAPS, { fieldSelector: 'data.a=1' }),
    'a field of pods nobody can select by': (api) =>
      api.get('/api/v1/namespaces/{own}/pods', { fieldSelector: 'spec.priority=1' }),
    'a field selector that cannot be read': (api) => api.get(CONFIG_MAPS, { fieldSelector: 'metadata.name' }),
    async 'items carry no kind'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const { body } = await api.get(DEPLOYMENTS);
      return {
        kind: body.kind,
        apiVersion: body.apiVersion,
        item: [body.items[0].kind, body.items[0].apiVersion],
      };
    },
    'none in a namespace that is not there': (api) => api.get('/api/v1/namespaces/{own}-none/configmaps'),
    async 'all namespaces'(api) {
      await three(api);
      const all = await api.get('/api/v1/configmaps', {
        labelSelector: 'page',
        fieldSelector: 'metadata.namespace={own}',
      });
      return names(all);
    },
  },
};

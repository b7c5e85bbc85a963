import type { Any, Api } from '../api.ts';
import type { Area } from '../case.ts';

/** Of a resource list the entries that drills use, in order of name; hashes of a server's own stay out. */
async function entries(api: Api, path: string, wanted: string[]): Promise<unknown> {
  const { status, body } = await api.get(path);
  const resources = body.resources
    .filter(({ name }: Any) => wanted.includes(name))
    .map(({ storageVersionHash: _hash, categories: _categories, ...entry }: Any) => ({
      ...entry,
      verbs: [...entry.verbs].sort(),
    }))
    .sort((a: Any, b: Any) => (a.name < b.name ? -1 : 1));
  return { status, kind: body.kind, apiVersion: body.apiVersion, groupVersion: body.groupVersion, resources };
}

export const discovery: Area = {
  title: 'Discovery and health',
  plane: 'member',
  cases: {
    async 'versions of the core'(api) {
      const { status, body } = await api.get('/api');
      return {
        status,
        kind: body.kind,
        versions: body.versions,
        addresses: Array.isArray(body.serverAddressByClientCIDRs),
      };
    },
    'resources of the core': (api) =>
      entries(api, '/api/v1', [
        ...['namespaces', 'nodes', 'nodes/status', 'pods', 'pods/eviction', 'pods/status', 'services'],
        ...['configmaps', 'secrets', 'serviceaccounts', 'serviceaccounts/token', 'events', 'endpoints'],
      ]),
    async groups(api) {
      const { status, body } = await api.get('/apis');
      const wanted = [
        'apps',
        'batch',
        'policy',
        'coordination.k8s.io',
        'discovery.k8s.io',
        'networking.k8s.io',
      ];
      const groups = body.groups.filter(({ name }: Any) => wanted.includes(name));
      return {
        status,
        kind: body.kind,
        apiVersion: body.apiVersion,
        groups: groups.sort((a: Any, b: Any) => (a.name < b.name ? -1 : 1)),
      };
    },
    'one group': (api) => api.get('/apis/policy'),
    'a group that is not there': (api) => api.get('/apis/nothing.example.com'),
    'a version that is not there': (api) => api.get('/apis/policy/v9'),
    'resources of apps': (api) =>
      entries(api, '/apis/apps/v1', [
        ...['deployments', 'deployments/scale', 'deployments/status', 'replicasets', 'daemonsets'],
      ]),
    'resources of policy': (api) => entries(api, '/apis/policy/v1', ['poddisruptionbudgets']),
    'resources of leases': (api) => entries(api, '/apis/coordination.k8s.io/v1', ['leases']),
    'resources of reviews': (api) =>
      entries(api, '/apis/authorization.k8s.io/v1', ['selfsubjectaccessreviews']),
    'resources of slices': (api) => entries(api, '/apis/discovery.k8s.io/v1', ['endpointslices']),
    async 'the version'(api) {
      const { status, body } = await api.get('/version');
      const { major, minor, gitVersion } = body;
      return { status, fields: Object.keys(body).sort(), major, minor, gitVersion };
    },
    ready: (api) => api.get('/readyz'),
    alive: (api) => api.get('/livez'),
    healthy: (api) => api.get('/healthz'),
  },
};

import type { Answer, Any, Api } from '../api.ts';
import { type Area, until } from '../case.ts';
import { managers, strangersToken } from '../objects.ts';

const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';
const CLUSTER = `${CLUSTERS}/{own}`;

/** In pull mode nobody calls it, and nothing is scheduled to it: it never becomes ready. */
const cluster = (spec: object = {}): Any => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: '{own}' },
  spec: { syncMode: 'Pull', ...spec },
});

const create = (api: Api, spec: object = {}) => api.post(CLUSTERS, cluster(spec));

const refused = (api: Api, spec: object) => api.post(CLUSTERS, cluster(spec), { query: { dryRun: 'All' } });

const TAINT = { key: 'example.com/contract', value: 'x', effect: 'NoSchedule' };

/** Those of the case; Karmada's own come whenever it looks. */
const taints = ({ body }: Answer): Any[] =>
  (body.spec?.taints ?? []).filter((taint: Any) => taint.key.startsWith('example.com/'));

export const clusters: Area = {
  title: 'Clusters (aggregated API)',
  plane: 'federation',
  cases: {
    async 'a cluster'(api) {
      const { status, body } = await create(api);
      const { id, resourceModels, ...spec } = body.spec;
      return {
        status,
        kind: body.kind,
        apiVersion: body.apiVersion,
        metadata: body.metadata,
        spec,
        status_: body.status,
        id: typeof id,
      };
    },
    async 'its resource models'(api) {
      const { body } = await refused(api, {});
      return body.spec.resourceModels;
    },
    async 'its finalizer comes'(api) {
      await create(api);
      const { body } = await until(
        () => api.get(CLUSTER),
        (seen) => seen.body.metadata.finalizers?.length > 0,
      );
      return body.metadata.finalizers;
    },
    async 'its id comes from its kube-system, or not at all'(api) {
      const { body } = await create(api);
      return body.spec.id ?? 'none';
    },
    'no mode': (api) => refused(api, { syncMode: undefined }),
    'a mode that is none': (api) => refused(api, { syncMode: 'Sideways' }),
    'push mode without an address': (api) => refused(api, { syncMode: 'Push' }),
    'an address that is none': (api) => refused(api, { syncMode: 'Push', apiEndpoint: 'http://' }),
    'a taint whose effect is none': (api) => refused(api, { taints: [{ ...TAINT, effect: 'Never' }] }),
    'a taint that only prefers': (api) =>
      refused(api, { taints: [{ ...TAINT, effect: 'PreferNoSchedule' }] }),
    'a taint twice': (api) => refused(api, { taints: [TAINT, TAINT] }),
    'a taint without a key': (api) => refused(api, { taints: [{ effect: 'NoSchedule' }] }),
    'a name that is none': (api) => api.post(CLUSTERS, { ...cluster(), metadata: { name: 'Not_A_Name' } }),
    'a name that is too long': (api) =>
      api.post(CLUSTERS, { ...cluster(), metadata: { name: 'a'.repeat(49) } }),
    async 'a field nobody knows'(api) {
      const { status, headers, body } = await refused(api, { colour: 'red' });
      return { status, headers, colour: body.spec?.colour ?? 'gone' };
    },
    'a field nobody knows, strictly': (api) =>
      api.post(CLUSTERS, cluster({ colour: 'red' }), { query: { dryRun: 'All', fieldValidation: 'Strict' } }),
    async 'a name that is taken'(api) {
      await create(api);
      return create(api);
    },
    'one that is not there': (api) => api.get(CLUSTER),
    async 'taints by merge patch: the whole list'(api) {
      await create(api);
      await api.patch(CLUSTER, 'merge', { spec: { taints: [TAINT] } });
      const second = { ...TAINT, key: 'example.com/second' };
      const { status, body } = await api.patch(CLUSTER, 'merge', { spec: { taints: [second] } });
      return { status, ours: taints({ status, body }) };
    },
    async 'a NoExecute taint gets its time'(api) {
      await create(api);
      const taint = { ...TAINT, effect: 'NoExecute' };
      const answer = await api.patch(CLUSTER, 'merge', { spec: { taints: [taint] } });
      return taints(answer);
    },
    async 'taints by a strategic patch'(api) {
      await create(api);
      const first = await api.patch(CLUSTER, 'strategic', { spec: { taints: [TAINT] } });
      const more = [{ ...TAINT, key: 'example.com/second' }];
      const second = await api.patch(CLUSTER, 'strategic', { spec: { taints: more } });
      return { status: first.status, ours: taints(first), second: [second.status, taints(second)] };
    },
    async 'taints by JSON patch, with a test'(api) {
      await create(api, { provider: 'x', taints: [TAINT] });
      // Not the version, which Karmada's own controllers change at any moment.
      const guarded = (provider: string) => [
        { op: 'test', path: '/spec/provider', value: provider },
        { op: 'add', path: '/spec/taints/-', value: { ...TAINT, key: 'example.com/second' } },
      ];
      const first = await api.patch(CLUSTER, 'json', guarded('x'));
      return { first: taints(first).length, second: await api.patch(CLUSTER, 'json', guarded('y')) };
    },
    async 'a version of before'(api) {
      const { body } = await create(api);
      const { resourceVersion } = body.metadata;
      await api.patch(CLUSTER, 'merge', { metadata: { labels: { a: 'b' } } });
      return api.patch(CLUSTER, 'merge', { metadata: { resourceVersion }, spec: { provider: 'x' } });
    },
    async 'applied, and whose it is'(api) {
      const answer = await api.patch(CLUSTER, 'apply', cluster({ provider: 'x' }), { fieldManager: 'one' });
      const conflict = await api.patch(CLUSTER, 'apply', cluster({ provider: 'y' }), { fieldManager: 'two' });
      return {
        status: answer.status,
        managers: managers(answer.body).filter((one) => one.startsWith('one')),
        conflict,
      };
    },
    async 'a status of one’s own is not taken along'(api) {
      const { body } = await api.post(CLUSTERS, { ...cluster(), status: { kubernetesVersion: 'v0.0.1' } });
      return body.status;
    },
    async 'the status by its subresource'(api) {
      await create(api);
      const { status, body } = await api.patch(`${CLUSTER}/status`, 'merge', {
        status: { kubernetesVersion: 'v0.0.1' },
      });
      return { status, version: body.status?.kubernetesVersion };
    },
    async 'a field selector'(api) {
      await create(api);
      const { status, body } = await api.get(CLUSTERS, { fieldSelector: 'metadata.name={own}' });
      return { status, names: body.items?.map((item: Any) => item.metadata.name) };
    },
    async watched(api) {
      const watch = await api.watch(CLUSTERS, { fieldSelector: 'metadata.name={own}' });
      await create(api);
      const [event] = await watch.take(1);
      watch.close();
      return [event?.type, event?.object.metadata.name, event?.object.kind];
    },
    async 'deleted, as long as it has its finalizer'(api) {
      await create(api);
      await until(
        () => api.get(CLUSTER),
        (seen) => seen.body.metadata.finalizers?.length > 0,
      );
      const { status, body } = await api.delete(CLUSTER);
      const after = await until(
        () => api.get(CLUSTER),
        (seen) => seen.status === 404,
      );
      return { status, kind: body.kind, after: after.status };
    },
    async 'its execution space comes and goes'(api) {
      await create(api);
      await until(
        () => api.get(CLUSTER),
        (seen) => seen.body.metadata.finalizers?.length > 0,
      );
      const space = '/api/v1/namespaces/karmada-es-{own}';
      const { body } = await until(
        () => api.get(space),
        (seen) => seen.status === 200,
      );
      await api.delete(CLUSTER);
      const after = await until(
        () => api.get(space),
        (seen) => seen.status === 404,
      );
      return { labels: body.metadata.labels, after: after.status };
    },
    'by whoever may not': async (api) => {
      const token = await strangersToken(api);
      return api.as({ token }).patch(CLUSTER, 'merge', { spec: { taints: [] } });
    },
    async 'in discovery'(api) {
      const { status, body } = await api.get('/apis/cluster.karmada.io/v1alpha1');
      const entries = body.resources.filter(({ name }: Any) =>
        ['clusters', 'clusters/status'].includes(name),
      );
      return {
        status,
        entries: entries.map(({ storageVersionHash: _hash, verbs, ...entry }: Any) => ({
          ...entry,
          verbs: [...verbs].sort(),
        })),
      };
    },
  },
};

import type { Area } from '../case.ts';
import { CONFIG_MAPS, CORE, configMap, DEPLOYMENTS, deployment } from '../objects.ts';

export const updates: Area = {
  title: 'Updates',
  plane: 'member',
  cases: {
    async 'an object'(api) {
      const { body } = await api.post(CONFIG_MAPS, configMap('a'));
      const after = await api.put(`${CONFIG_MAPS}/a`, { ...body, data: { b: '2' } });
      const newer = Number(after.body.metadata.resourceVersion) > Number(body.metadata.resourceVersion);
      return { after, newer };
    },
    async 'nothing new keeps the version'(api) {
      const { body } = await api.post(CONFIG_MAPS, configMap('a'));
      const after = await api.put(`${CONFIG_MAPS}/a`, configMap('a'));
      return {
        status: after.status,
        same: after.body.metadata.resourceVersion === body.metadata.resourceVersion,
      };
    },
    async 'a version of before'(api) {
      const { body } = await api.post(CONFIG_MAPS, configMap('a'));
      await api.put(`${CONFIG_MAPS}/a`, { ...body, data: { a: '2' } });
      const late = await api.put(`${CONFIG_MAPS}/a`, { ...body, data: { a: '3' } });
      return { late, stands: (await api.get(`${CONFIG_MAPS}/a`)).body.data };
    },
    async 'a version of before, of a group'(api) {
      const { body } = await api.post(DEPLOYMENTS, deployment('a', 0));
      await api.patch(`${DEPLOYMENTS}/a`, 'merge', { metadata: { labels: { a: 'b' } } });
      return api.put(`${DEPLOYMENTS}/a`, body);
    },
    'an object that is not there': (api) => api.put(`${CONFIG_MAPS}/a`, configMap('a')),
    async 'another name than that of the path'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return api.put(`${CONFIG_MAPS}/a`, configMap('b'));
    },
    async 'no name'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return api.put(`${CONFIG_MAPS}/a`, { data: {} });
    },
    async 'a uid of before'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      const uid = '00000000-0000-4000-8000-000000000000';
      return api.put(`${CONFIG_MAPS}/a`, { metadata: { name: 'a', uid }, data: {} });
    },
    async 'a selector, which cannot change'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const body = deployment('a', 0);
      body.spec.selector.matchLabels.more = 'b';
      body.spec.template.metadata.labels.more = 'b';
      return api.put(`${DEPLOYMENTS}/a`, body);
    },
    async 'an immutable ConfigMap'(api) {
      await api.post(CONFIG_MAPS, { ...configMap('a'), immutable: true });
      return api.patch(`${CONFIG_MAPS}/a`, 'merge', { data: { a: '2' } });
    },
    async 'the address of a Service'(api) {
      await api.post(`${CORE}/services`, { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } });
      const { status, body } = await api.patch(`${CORE}/services/a`, 'merge', {
        spec: { clusterIP: '10.96.255.254' },
      });
      return {
        status,
        reason: body.reason,
        fields: body.details?.causes?.map((cause: { field: string }) => cause.field),
      };
    },
    async 'generation: the wish counts, labels and status do not'(api) {
      const generations: number[] = [];
      const seen = ({ body }: { body: { metadata: { generation: number } } }) =>
        generations.push(body.metadata.generation);
      seen(await api.post(DEPLOYMENTS, deployment('a', 0)));
      seen(await api.patch(`${DEPLOYMENTS}/a`, 'merge', { metadata: { labels: { a: 'b' } } }));
      seen(await api.patch(`${DEPLOYMENTS}/a/status`, 'merge', { status: { collisionCount: 3 } }));
      seen(await api.patch(`${DEPLOYMENTS}/a`, 'merge', { spec: { paused: true } }));
      seen(await api.patch(`${DEPLOYMENTS}/a`, 'merge', { spec: { paused: true } }));
      return generations;
    },
    async 'what has no generation'(api) {
      const made = await Promise.all([
        api.post(CONFIG_MAPS, configMap('a')),
        api.post(`${CORE}/services`, { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } }),
        api.post(`${CORE}/serviceaccounts`, { metadata: { name: 'a' } }),
      ]);
      return made.map(({ body }) => body.metadata.generation ?? 'none');
    },
    async 'identity stays what it is'(api) {
      const made = await api.post(CONFIG_MAPS, configMap('a'));
      const { status, body } = await api.patch(`${CONFIG_MAPS}/a`, 'merge', {
        metadata: { creationTimestamp: '2020-01-01T00:00:00Z', generation: 9, selfLink: '/x' },
      });
      const same = body.metadata.creationTimestamp === made.body.metadata.creationTimestamp;
      return { status, same, metadata: body.metadata };
    },
  },
};

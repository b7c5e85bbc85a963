import type { Api } from '../api.ts';
import type { Area } from '../case.ts';
import { DEPLOYMENTS, deployment } from '../objects.ts';

const APP = `${DEPLOYMENTS}/a`;

/** Paused: its controller leaves the status alone, but for what it observes. */
async function app(api: Api, replicas = 0): Promise<void> {
  const body = deployment('a', replicas);
  body.spec.template.spec.nodeSelector = { 'example.com/none': 'x' };
  body.spec.paused = true;
  await api.post(DEPLOYMENTS, body);
}

export const subresources: Area = {
  title: 'Status and scale',
  plane: 'member',
  cases: {
    async 'a status of one’s own is not taken along'(api) {
      const { body } = await api.post(DEPLOYMENTS, { ...deployment('a', 0), status: { replicas: 7 } });
      const { body: changed } = await api.patch(APP, 'merge', { status: { replicas: 7 } });
      return [body.status, changed.status.replicas ?? 'none'];
    },
    async 'the status alone is written by its subresource'(api) {
      await app(api);
      const patch = {
        spec: { replicas: 9 },
        metadata: { labels: { a: 'b' } },
        status: { collisionCount: 3 },
      };
      const { status, body } = await api.patch(`${APP}/status`, 'merge', patch);
      return {
        status,
        replicas: body.spec.replicas,
        labels: body.metadata.labels ?? 'none',
        count: body.status.collisionCount,
      };
    },
    async 'the status is replaced'(api) {
      await app(api);
      const body = { ...deployment('a', 9), status: { collisionCount: 5 } };
      const answer = await api.put(`${APP}/status`, body);
      return {
        status: answer.status,
        replicas: answer.body.spec.replicas,
        count: answer.body.status.collisionCount,
      };
    },
    async 'the status with a version of before'(api) {
      await app(api);
      const { body } = await api.get(APP);
      await api.patch(APP, 'merge', { metadata: { labels: { a: 'b' } } });
      return api.put(`${APP}/status`, body);
    },
    async 'the status is read'(api) {
      await app(api);
      const { status, body } = await api.get(`${APP}/status`);
      return { status, kind: body.kind };
    },
    async 'a status that is not valid'(api) {
      await app(api);
      return api.patch(`${APP}/status`, 'merge', { status: { replicas: -1 } });
    },
    async 'a scale'(api) {
      await app(api, 2);
      return api.get(`${APP}/scale`);
    },
    async 'a scale is patched'(api) {
      await app(api, 2);
      const answer = await api.patch(`${APP}/scale`, 'merge', { spec: { replicas: 3 } });
      const { spec, metadata } = (await api.get(APP)).body;
      return { answer, replicas: spec.replicas, generation: metadata.generation };
    },
    async 'a scale is replaced'(api) {
      await app(api, 2);
      const { body } = await api.get(`${APP}/scale`);
      const { status, body: after } = await api.put(`${APP}/scale`, { ...body, spec: { replicas: 0 } });
      return { status, spec: after.spec };
    },
    async 'a scale with a version of before'(api) {
      await app(api, 2);
      const { body } = await api.get(`${APP}/scale`);
      await api.patch(`${APP}/scale`, 'merge', { spec: { replicas: 3 } });
      return api.put(`${APP}/scale`, { ...body, spec: { replicas: 4 } });
    },
    async 'a scale below nothing'(api) {
      await app(api, 2);
      return api.patch(`${APP}/scale`, 'merge', { spec: { replicas: -1 } });
    },
    async 'a scale of another name'(api) {
      await app(api, 2);
      const body = { metadata: { name: 'b', namespace: '{own}' }, spec: { replicas: 1 } };
      return api.put(`${APP}/scale`, body);
    },
    'a scale of what is not there': (api) => api.patch(`${APP}/scale`, 'merge', { spec: { replicas: 1 } }),
    async 'a scale in a dry run'(api) {
      await app(api, 2);
      const { status, body } = await api.patch(
        `${APP}/scale`,
        'merge',
        { spec: { replicas: 3 } },
        { dryRun: 'All' },
      );
      return { status, answered: body.spec, stands: (await api.get(APP)).body.spec.replicas };
    },
  },
};

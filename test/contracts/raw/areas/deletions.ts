import { type Area, names, until } from '../case.ts';
import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, PODS, pod, readyPod } from '../objects.ts';

const MAP = `${CONFIG_MAPS}/a`;

export const deletions: Area = {
  title: 'Deletions',
  plane: 'member',
  cases: {
    async 'an object'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return { deleted: await api.delete(MAP), again: await api.delete(MAP) };
    },
    async 'an object of a group'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      return api.delete(`${DEPLOYMENTS}/a`);
    },
    async 'a uid of before'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return api.delete(MAP, { preconditions: { uid: '00000000-0000-4000-8000-000000000000' } });
    },
    async 'a version of before'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return api.delete(MAP, { preconditions: { resourceVersion: '1' } });
    },
    async 'with the right uid'(api) {
      const { body } = await api.post(CONFIG_MAPS, configMap('a'));
      return (await api.delete(MAP, { preconditions: { uid: body.metadata.uid } })).status;
    },
    async 'held by a finalizer'(api) {
      await api.post(CONFIG_MAPS, { metadata: { name: 'a', finalizers: ['example.com/held'] } });
      const deleted = await api.delete(MAP);
      const again = await api.delete(MAP);
      const refused = await api.patch(MAP, 'merge', {
        metadata: { finalizers: ['example.com/held', 'example.com/b'] },
      });
      const let_go = await api.patch(MAP, 'merge', { metadata: { finalizers: null } });
      return { deleted, again: again.status, refused, let_go, after: (await api.get(MAP)).status };
    },
    async 'in the foreground'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const { status, body } = await api.delete(`${DEPLOYMENTS}/a`, { propagationPolicy: 'Foreground' });
      await until(
        () => api.get(`${DEPLOYMENTS}/a`),
        (seen) => seen.status === 404,
      );
      const { finalizers, deletionGracePeriodSeconds, generation } = body.metadata;
      return { status, kind: body.kind, finalizers, deletionGracePeriodSeconds, generation };
    },
    async 'leaving the orphans'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const sets = '/apis/apps/v1/namespaces/{own}/replicasets';
      await until(
        () => api.get(sets),
        (seen) => seen.body.items.length === 1,
      );
      const { status, body } = await api.delete(`${DEPLOYMENTS}/a`, { propagationPolicy: 'Orphan' });
      await until(
        () => api.get(`${DEPLOYMENTS}/a`),
        (seen) => seen.status === 404,
      );
      const left = await until(
        () => api.get(sets),
        (seen) =>
          seen.body.items.every((item: { metadata: object }) => !('ownerReferences' in item.metadata)),
      );
      return { status, finalizers: body.metadata.finalizers, left: left.body.items.length };
    },
    async 'in the background, what it owned goes later'(api) {
      await api.post(DEPLOYMENTS, deployment('a', 0));
      const sets = '/apis/apps/v1/namespaces/{own}/replicasets';
      await until(
        () => api.get(sets),
        (seen) => seen.body.items.length === 1,
      );
      await api.delete(`${DEPLOYMENTS}/a`, { propagationPolicy: 'Background' });
      const left = await until(
        () => api.get(sets),
        (seen) => seen.body.items.length === 0,
      );
      return left.body.items;
    },
    async 'a policy nobody knows'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      return api.delete(MAP, { propagationPolicy: 'Sideways' });
    },
    async 'a dry run'(api) {
      await api.post(CONFIG_MAPS, configMap('a'));
      const { status } = await api.delete(MAP, undefined, { dryRun: 'All' });
      return { status, after: (await api.get(MAP)).status };
    },
    async 'a pod nobody has placed goes at once'(api) {
      await api.post(PODS, pod('a', { app: 'a' }, { nodeSelector: { 'example.com/none': 'x' } }));
      const { status, body } = await api.delete(`${PODS}/a`);
      return {
        status,
        kind: body.kind,
        grace: body.metadata.deletionGracePeriodSeconds,
        after: (await api.get(`${PODS}/a`)).status,
      };
    },
    async 'a running pod gets its grace period'(api) {
      await readyPod(api, 'a', { terminationGracePeriodSeconds: 7 });
      const { status, body } = await api.delete(`${PODS}/a`);
      const { deletionGracePeriodSeconds, deletionTimestamp } = body.metadata;
      return { status, kind: body.kind, deletionGracePeriodSeconds, deletionTimestamp };
    },
    async 'a running pod, by force'(api) {
      await readyPod(api, 'a');
      const { status, body } = await api.delete(`${PODS}/a`, { gracePeriodSeconds: 0 });
      return {
        status,
        kind: body.kind,
        grace: body.metadata.deletionGracePeriodSeconds,
        after: (await api.get(`${PODS}/a`)).status,
      };
    },
    async 'a selection'(api) {
      for (const [name, keep] of [
        ['a', 'no'],
        ['b', 'no'],
        ['c', 'yes'],
      ] as const)
        await api.post(CONFIG_MAPS, configMap(name, { keep }));
      const { status, body } = await api.delete(CONFIG_MAPS, undefined, { labelSelector: 'keep=no' });
      const left = names(await api.get(CONFIG_MAPS, { labelSelector: 'keep' }));
      return {
        status,
        kind: body.kind,
        items: body.items.map((item: { metadata: { name: string } }) => item.metadata.name),
        left,
      };
    },
  },
};

import { expect, test } from '@jest/globals';
import { comparable } from '../../../lab/comparison.ts';
import { overview } from '../../../lab/overview.ts';
import { createWorld, worldState } from '../../../lab/world.ts';
import { AppsV1Api, CoreV1Api, deployment, openLab } from './cluster.ts';

const namespace = 'default';

test('a world goes on from the state that was kept: objects, versions, tokens, faults', async () => {
  const lab = await openLab();
  await lab
    .client(AppsV1Api)
    .createNamespacedDeployment({ namespace, body: deployment('hello', 2) as never });
  await lab.until(
    () => lab.world.members.aks1?.get('apps/deployments', namespace, 'hello')?.status?.readyReplicas === 2,
  );
  lab.world.faults.add({ kind: 'api-slow', target: 'aks1', options: { delayMs: 1 } });
  const state = JSON.parse(JSON.stringify(worldState(lab.world)));
  await lab.close();

  const again = await openLab({ state });
  const core = again.client(CoreV1Api);
  expect((await core.listNamespacedPod({ namespace })).items.map((pod) => pod.status?.phase)).toEqual([
    'Running',
    'Running',
  ]);
  expect(again.world.adminToken).toBe(lab.world.adminToken);
  expect(again.world.faults.active()).toMatchObject([{ kind: 'api-slow' }]);
  expect(again.world.members.aks1!.version()).toBeGreaterThanOrEqual(state.stores.aks1.version);
  await again.close();
});

test('two moments compare equal when only names, addresses and times of replicas differ', async () => {
  const lab = await openLab();
  const store = lab.world.members.aks1!;
  const ready = (replicas: number) =>
    lab.until(() => {
      const pods = store.list('core/pods', { namespace });
      return pods.length === replicas && pods.every((pod) => pod.status.phase === 'Running');
    });
  await lab
    .client(AppsV1Api)
    .createNamespacedDeployment({ namespace, body: deployment('hello', 2) as never });
  await ready(2);
  // The neighbours of every cluster too: what is still starting differs a moment later.
  const settled = () =>
    Object.values(lab.world.members).every(
      (member) =>
        member
          .list('apps/deployments')
          .every(({ spec, status }) => status?.readyReplicas === spec.replicas) &&
        member
          .list('apps/daemonsets')
          .every(({ status }) => status?.numberReady === status?.desiredNumberScheduled),
    );
  await lab.until(settled);
  const before = comparable(lab.world);
  for (const { metadata } of store.list('core/pods', { namespace }))
    store.remove('core/pods', namespace, metadata.name);
  await lab.until(
    () => store.get('apps/deployments', namespace, 'hello')?.status?.readyReplicas === undefined,
  );
  expect(comparable(lab.world)).not.toEqual(before);
  await ready(2);
  await lab.until(settled);
  expect(comparable(lab.world)).toEqual(before);
  await lab.close();
});

test('the seed: three clusters with room, a neighbour on the first', () => {
  const world = createWorld();
  world.stop();
  const state = overview(world);
  expect(Object.fromEntries(Object.entries(state).map(([name, { nodes }]) => [name, nodes.length]))).toEqual({
    aks1: 3,
    aks2: 3,
    k3s: 2,
  });
  expect(state.aks1?.deployments).toEqual({ 'intranet/wiki': { wanted: 2, ready: 0 } });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  deployment,
  openLab,
  PatchStrategy,
  patchAs,
  type TestLab,
} from './cluster.ts';

let lab: TestLab;
let apps: AppsV1Api;
let core: CoreV1Api;
beforeEach(async () => {
  lab = await openLab();
  apps = lab.client(AppsV1Api);
  core = lab.client(CoreV1Api);
});
afterEach(() => lab.close());

const namespace = 'default';
const store = () => lab.world.members.aks1!;
const statusOf = (name: string) => store().get('apps/deployments', namespace, name)?.status;
const podsOf = (app: string) => store().list('core/pods', { namespace, labels: { app } });

async function deploy(name: string, replicas: number, more = {}) {
  await apps.createNamespacedDeployment({ namespace, body: deployment(name, replicas, more) as never });
}

describe('deployments', () => {
  test('get their pods, and the pods addresses of their own', async () => {
    await deploy('hello', 5);
    await lab.until(() => statusOf('hello')?.readyReplicas === 5);
    expect(statusOf('hello')).toMatchObject({
      observedGeneration: 1,
      updatedReplicas: 5,
      availableReplicas: 5,
    });
    expect(new Set(podsOf('hello').map((pod) => pod.status.podIP)).size).toBe(5);
    expect(new Set(podsOf('hello').map((pod) => pod.spec.nodeName)).size).toBe(3);
  });

  test('roll within maxUnavailable and maxSurge', async () => {
    await deploy('rolling', 4);
    await lab.until(() => statusOf('rolling')?.readyReplicas === 4);
    const seen: { ready: number; total: number }[] = [];
    const isReady = ({ type, status }: { type: string; status: string }) =>
      type === 'Ready' && status === 'True';
    const stop = store().watch(() => {
      const pods = podsOf('rolling').filter((pod) => !pod.metadata.deletionTimestamp);
      const wanted = store().list('apps/replicasets', { namespace, labels: { app: 'rolling' } });
      seen.push({
        ready: pods.filter((pod) => pod.status.conditions?.some(isReady)).length,
        total: wanted.reduce((sum, set) => sum + set.spec.replicas, 0),
      });
    });
    const containers = [{ name: 'rolling', image: 'nginxdemos/hello:0.4-plain-text' }];
    await apps.patchNamespacedDeployment(
      { namespace, name: 'rolling', body: { spec: { template: { spec: { containers } } } } },
      patchAs(PatchStrategy.StrategicMergePatch),
    );
    await lab.until(
      () =>
        statusOf('rolling')?.observedGeneration === 2 &&
        statusOf('rolling')?.updatedReplicas === 4 &&
        statusOf('rolling')?.availableReplicas === 4 &&
        statusOf('rolling')?.replicas === 4,
    );
    stop();
    expect(Math.min(...seen.map(({ ready }) => ready))).toBeGreaterThanOrEqual(3);
    expect(Math.max(...seen.map(({ total }) => total))).toBeLessThanOrEqual(5);
    expect(podsOf('rolling').map((pod) => pod.spec.containers[0].image)).toContain(
      'nginxdemos/hello:0.4-plain-text',
    );
  });

  test('scale by the subresource and take their pods with them when deleted', async () => {
    await deploy('scaled', 1);
    await apps.patchNamespacedDeploymentScale(
      { namespace, name: 'scaled', body: { spec: { replicas: 3 } } },
      patchAs(PatchStrategy.MergePatch),
    );
    await lab.until(() => statusOf('scaled')?.readyReplicas === 3);
    await apps.deleteNamespacedDeployment({ namespace, name: 'scaled' });
    await lab.until(() => podsOf('scaled').length === 0);
    expect(store().list('apps/replicasets', { namespace })).toEqual([]);
  });

  test('deleted in the foreground they go last', async () => {
    await deploy('foreground', 1);
    await lab.until(() => statusOf('foreground')?.readyReplicas === 1);
    await apps.deleteNamespacedDeployment({ namespace, name: 'foreground', propagationPolicy: 'Foreground' });
    expect(store().get('apps/deployments', namespace, 'foreground')?.metadata.finalizers).toEqual([
      'foregroundDeletion',
    ]);
    await lab.until(() => store().get('apps/deployments', namespace, 'foreground') === undefined);
    expect(podsOf('foreground')).toEqual([]);
  });
});

describe('scheduling', () => {
  test('a pod that fits nowhere stays Pending and says why', async () => {
    await deploy('huge', 1, { cpu: '64' });
    const message = await lab.until(
      () => podsOf('huge')[0]?.status.conditions?.[0]?.message as string | undefined,
    );
    expect(message).toBe(
      '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
    );
    await apps.deleteNamespacedDeployment({ namespace, name: 'huge' });
    await lab.until(() => podsOf('huge').length === 0);
  });

  test('it is placed as soon as there is room', async () => {
    lab.world.configure({ clusters: { aks1: { cpu: '100m' } } });
    await deploy('waiting', 6);
    await lab.until(() => podsOf('waiting').some((pod) => pod.status.conditions?.[0]?.status === 'False'));
    lab.world.configure({ clusters: { aks1: { cpu: '4' } } });
    await lab.until(() => statusOf('waiting')?.readyReplicas === 6);
  });

  test('a Service knows the pods that are ready', async () => {
    const body = { metadata: { name: 'hello' }, spec: { selector: { app: 'hello' }, ports: [{ port: 80 }] } };
    const service = await core.createNamespacedService({ namespace, body });
    expect(service.spec).toMatchObject({ type: 'ClusterIP', clusterIP: expect.stringMatching(/^10\.96\./) });
    await deploy('hello', 2);
    const ready = () =>
      store()
        .list('discovery.k8s.io/endpointslices', { namespace })
        .flatMap((slice) => slice.endpoints)
        .filter((endpoint) => endpoint.conditions.ready).length;
    await lab.until(() => ready() === 2);
    await core.deleteNamespacedPod({ namespace, name: podsOf('hello')[0]?.metadata.name ?? '' });
    await lab.until(() => ready() === 1);
    await lab.until(() => ready() === 2);
  });
});

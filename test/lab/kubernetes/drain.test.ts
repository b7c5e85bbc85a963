import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  deployment,
  openLab,
  PatchStrategy,
  PolicyV1Api,
  patchAs,
  refusal,
  type TestLab,
} from './cluster.ts';

let lab: TestLab;
let core: CoreV1Api;
beforeEach(async () => {
  lab = await openLab();
  core = lab.client(CoreV1Api);
  const body = deployment('hello', 5) as never;
  await lab.client(AppsV1Api).createNamespacedDeployment({ namespace, body });
  await lab.until(() => ready() === 5);
});
afterEach(() => lab.close());

const namespace = 'default';
const store = () => lab.world.members.aks1!;
const ready = () => store().get('apps/deployments', namespace, 'hello')?.status?.readyReplicas ?? 0;
const pods = () => store().list('core/pods', { namespace, labels: { app: 'hello' } });

async function cordon(unschedulable: boolean | null): Promise<void> {
  for (const { metadata } of store().list('core/nodes'))
    await core.patchNode(
      { name: metadata.name, body: { spec: { unschedulable } } },
      patchAs(PatchStrategy.StrategicMergePatch),
    );
}
function evict(name: string) {
  return core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
}

test('all nodes drained: the pods come back Pending and say so; uncordoned, they run', async () => {
  await cordon(true);
  expect(store().get('core/nodes', undefined, 'aks1-node-0')?.spec.taints).toMatchObject([
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
  ]);
  for (const pod of pods()) await evict(pod.metadata.name);
  await lab.until(() => ready() === 0 && pods().length === 5 && pods().every((pod) => !pod.spec.nodeName));
  const message = await lab.until(() => pods()[0]?.status.conditions?.[0]?.message as string | undefined);
  expect(message).toMatch(/^0\/3 nodes are available: 3 node\(s\) were unschedulable\. preemption: /);
  const others = store().list('core/pods', { namespace: 'kube-system' });
  expect(others.filter((pod) => pod.metadata.ownerReferences?.[0]?.kind === 'DaemonSet')).toHaveLength(3);
  await cordon(null);
  await lab.until(() => ready() === 5);
  expect(store().get('core/nodes', undefined, 'aks1-node-0')?.spec.taints).toBeUndefined();
});

test('a PodDisruptionBudget refuses the eviction that would break it, with its arithmetic', async () => {
  const spec = { minAvailable: 4, selector: { matchLabels: { app: 'hello' } } };
  await lab
    .client(PolicyV1Api)
    .createNamespacedPodDisruptionBudget({ namespace, body: { metadata: { name: 'guard' }, spec } });
  await lab.until(
    () => store().get('policy/poddisruptionbudgets', namespace, 'guard')?.status?.disruptionsAllowed === 1,
  );
  await cordon(true);
  const [first, second] = pods().map((pod) => pod.metadata.name);
  await evict(first ?? '');
  expect(await refusal(evict(second ?? ''))).toMatchObject({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget guard needs 4 healthy pods and has 4 currently',
        },
      ],
    },
  });
  await cordon(null);
  await lab.until(() => ready() === 5);
  await evict(second ?? '');
});

test('nodes deleted: their pods count as ready until they are collected; nodes back: they run again', async () => {
  lab.world.configure({ podGcMs: 400 });
  const nodes = (await core.listNode()).items;
  for (const node of nodes) await core.deleteNode({ name: node.metadata?.name ?? '' });
  expect(ready()).toBe(5);
  await lab.until(() => ready() === 0);
  const message = await lab.until(() => pods()[0]?.status.conditions?.[0]?.message as string | undefined);
  expect(message).toBe('no nodes available to schedule pods');
  for (const { metadata, spec, status } of nodes) {
    const { name = '', labels = {} } = metadata ?? {};
    await core.createNode({
      body: { metadata: { name, labels }, ...(spec && { spec }), ...(status && { status }) },
    });
  }
  await lab.until(() => ready() === 5);
});

test('a node that stops becomes NotReady, its pods unready, later replaced elsewhere', async () => {
  lab.world.configure({ nodeGraceMs: 100, nodeEvictionMs: 100 });
  const id = lab.world.faults.add({ kind: 'node-down', target: 'aks1/aks1-node-1' });
  const condition = () =>
    store()
      .get('core/nodes', undefined, 'aks1-node-1')
      ?.status.conditions.find((each: { type: string }) => each.type === 'Ready').status;
  await lab.until(() => condition() === 'Unknown' && ready() < 5);
  await lab.until(() => ready() === 5);
  const living = pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);
  expect(living.map((pod) => pod.spec.nodeName)).not.toContain('aks1-node-1');
  lab.world.faults.remove(id);
  await lab.until(() => condition() === 'True' && pods().length === 5);
});

test('the mirror of a static pod comes back when it is deleted', async () => {
  const name = 'node-agent-aks1-node-0';
  const uid = () => store().get('core/pods', 'kube-system', name)?.metadata.uid;
  const before = uid();
  await core.deleteNamespacedPod({ namespace: 'kube-system', name });
  await lab.until(() => uid() !== undefined && uid() !== before);
});

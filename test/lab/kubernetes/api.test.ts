import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApisApi, type V1Deployment } from '@kubernetes/client-node';
import {
  AppsV1Api,
  CoreV1Api,
  deployment,
  KubernetesObjectApi,
  openLab,
  PatchStrategy,
  patchAs,
  refusal,
  type TestLab,
} from './cluster.ts';

let lab: TestLab;
let core: CoreV1Api;
let apps: AppsV1Api;
beforeAll(async () => {
  lab = await openLab();
  core = lab.client(CoreV1Api);
  apps = lab.client(AppsV1Api);
});
afterAll(() => lab.close());

const namespace = 'default';
const configMap = (name: string, labels: Record<string, string> = {}) => ({
  namespace,
  body: { metadata: { name, labels }, data: { a: '1' } },
});

describe('writing', () => {
  test('a write with an old resourceVersion is a conflict, and the newer one stands', async () => {
    const first = await core.createNamespacedConfigMap(configMap('contested'));
    await core.replaceNamespacedConfigMap({
      namespace,
      name: 'contested',
      body: { ...first, data: { a: '2' } },
    });
    const late = core.replaceNamespacedConfigMap({
      namespace,
      name: 'contested',
      body: { ...first, data: { a: '3' } },
    });
    expect(await refusal(late)).toMatchObject({
      code: 409,
      reason: 'Conflict',
      details: { name: 'contested', kind: 'configmaps' },
      message: expect.stringContaining('the object has been modified; please apply your changes'),
    });
    expect((await core.readNamespacedConfigMap({ namespace, name: 'contested' })).data).toEqual({ a: '2' });
  });

  test('what is there, what is not, and a namespace that is not', async () => {
    await core.createNamespacedConfigMap(configMap('once'));
    expect(await refusal(core.createNamespacedConfigMap(configMap('once')))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "once" already exists',
    });
    expect(await refusal(core.readNamespacedConfigMap({ namespace, name: 'never' }))).toMatchObject({
      code: 404,
      reason: 'NotFound',
    });
    const nowhere = core.createNamespacedConfigMap({ ...configMap('x'), namespace: 'nowhere' });
    expect(await refusal(nowhere)).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
  });

  test('every problem of an invalid object at once, with its field', async () => {
    const body = deployment('invalid', -1) as unknown as V1Deployment;
    body.spec!.template.metadata!.labels = { app: 'another' };
    expect(await refusal(apps.createNamespacedDeployment({ namespace, body }))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: {
        group: 'apps',
        kind: 'Deployment',
        causes: [
          { field: 'spec.replicas', reason: 'FieldValueInvalid' },
          { field: 'spec.template.metadata.labels' },
        ],
      },
    });
    body.spec!.replicas = 'many' as never;
    const message =
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32';
    expect(await refusal(apps.createNamespacedDeployment({ namespace, body }))).toMatchObject({
      code: 400,
      message,
    });
  });

  test('a dry run answers as the write would, and writes nothing', async () => {
    const answered = await core.createNamespacedConfigMap({ ...configMap('dry'), dryRun: 'All' });
    expect(answered.metadata?.uid).toBeDefined();
    expect(await refusal(core.readNamespacedConfigMap({ namespace, name: 'dry' }))).toMatchObject({
      code: 404,
    });
  });

  test('the status is written by its subresource only, and bumps no generation', async () => {
    const body = deployment('status', 0) as unknown as V1Deployment;
    const made = await apps.createNamespacedDeployment({
      namespace,
      body: { ...body, status: { replicas: 7 } },
    });
    expect(made.status?.replicas).toBeUndefined();
    const patched = await apps.patchNamespacedDeploymentStatus(
      { namespace, name: 'status', body: { status: { collisionCount: 3 }, spec: { replicas: 9 } } },
      patchAs(PatchStrategy.MergePatch),
    );
    expect(patched).toMatchObject({ spec: { replicas: 0 }, metadata: { generation: 1 } });
  });

  test('an object with a finalizer stays until it is taken off', async () => {
    const held = configMap('held');
    await core.createNamespacedConfigMap({
      ...held,
      body: { ...held.body, metadata: { name: 'held', finalizers: ['x/y'] } },
    });
    await core.deleteNamespacedConfigMap({ namespace, name: 'held' });
    const terminating = await core.readNamespacedConfigMap({ namespace, name: 'held' });
    expect(terminating.metadata?.deletionTimestamp).toBeDefined();
    await core.patchNamespacedConfigMap(
      { namespace, name: 'held', body: { metadata: { finalizers: null } } },
      patchAs(PatchStrategy.MergePatch),
    );
    expect(await refusal(core.readNamespacedConfigMap({ namespace, name: 'held' }))).toMatchObject({
      code: 404,
    });
  });

  test('a deletion with a uid of before is a conflict', async () => {
    await core.createNamespacedConfigMap(configMap('reborn'));
    const late = core.deleteNamespacedConfigMap({
      namespace,
      name: 'reborn',
      body: { preconditions: { uid: 'old' } },
    });
    expect(await refusal(late)).toMatchObject({ code: 409 });
  });
});

describe('reading', () => {
  test('pages of a list come in order, without gaps', async () => {
    for (const name of ['p3', 'p1', 'p2'])
      await core.createNamespacedConfigMap(configMap(name, { page: 'yes' }));
    const labelSelector = 'page in (yes),!absent';
    const names: (string | undefined)[] = [];
    let next: string | undefined;
    do {
      const page = await core.listNamespacedConfigMap({
        namespace,
        labelSelector,
        limit: 2,
        ...(next && { _continue: next }),
      });
      names.push(...page.items.map((item) => item.metadata?.name));
      next = page.metadata?._continue;
    } while (next);
    expect(names).toEqual(['p1', 'p2', 'p3']);
  });

  test('field selectors: those with an index, no others', async () => {
    const one = await core.listNode({ fieldSelector: 'metadata.name=aks1-node-1,spec.unschedulable=false' });
    expect(one.items.map((node) => node.metadata?.name)).toEqual(['aks1-node-1']);
    expect(await refusal(core.listNode({ fieldSelector: 'spec.podCIDR=x' }))).toMatchObject({ code: 400 });
  });

  test('discovery lists the groups, and custom resources once their definition is there', async () => {
    const client = KubernetesObjectApi.makeApiClient(lab.config());
    const widget = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace },
      spec: { any: { thing: 1 } },
    };
    await client.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} } }],
      },
    } as never);
    expect(await client.create(widget)).toMatchObject({
      spec: { any: { thing: 1 } },
      metadata: { generation: 1 },
    });
    const groups = await lab.client(ApisApi).getAPIVersions();
    expect(groups.groups.map((group) => group.name)).toEqual(
      expect.arrayContaining(['apps', 'policy', 'example.com']),
    );
  });

  test('Karmada is served by the federation and not by a member', async () => {
    const cluster = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'aks1' },
      spec: { syncMode: 'Pull' },
    };
    expect(
      await KubernetesObjectApi.makeApiClient(lab.config('federation')).create(cluster as never),
    ).toMatchObject(cluster);
    await expect(KubernetesObjectApi.makeApiClient(lab.config()).create(cluster as never)).rejects.toThrow();
  });
});

test('a namespace takes its content with it', async () => {
  await core.createNamespace({ body: { metadata: { name: 'brief' } } });
  await core.createNamespacedConfigMap({ namespace: 'brief', body: { metadata: { name: 'inside' } } });
  await core.deleteNamespace({ name: 'brief' });
  await lab.until(() => lab.world.members.aks1?.get('core/namespaces', undefined, 'brief') === undefined);
  expect(await refusal(core.readNamespacedConfigMap({ namespace: 'brief', name: 'inside' }))).toMatchObject({
    code: 404,
  });
});

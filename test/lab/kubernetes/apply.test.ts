import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AppsV1Api, deployment, openLab, PatchStrategy, patchAs, refusal, type TestLab } from './cluster.ts';

let lab: TestLab;
let apps: AppsV1Api;
beforeAll(async () => {
  lab = await openLab();
  apps = lab.client(AppsV1Api);
});
afterAll(() => lab.close());

const namespace = 'default';
function apply(name: string, body: object, fieldManager: string, force = false) {
  return apps.patchNamespacedDeployment(
    { namespace, name, body, fieldManager, force },
    patchAs(PatchStrategy.ServerSideApply),
  );
}

test('creates, and is then a no-op: neither version nor managers change', async () => {
  const first = await apply('idle', deployment('idle', 1), 'firedrill');
  expect(first.metadata?.managedFields).toMatchObject([{ manager: 'firedrill', operation: 'Apply' }]);
  await lab.until(
    () => lab.world.members.aks1?.get('apps/deployments', namespace, 'idle')?.status?.readyReplicas,
  );
  const settled = await apps.readNamespacedDeployment({ namespace, name: 'idle' });
  const again = await apply('idle', deployment('idle', 1), 'firedrill');
  expect(again.metadata).toEqual(settled.metadata);
});

test('a field of another manager is a conflict that names it; force takes it', async () => {
  await apply('fought', deployment('fought', 1), 'firedrill');
  await apps.patchNamespacedDeployment(
    { namespace, name: 'fought', body: { spec: { replicas: 3 } }, fieldManager: 'kubectl-edit' },
    patchAs(PatchStrategy.MergePatch),
  );
  const body = await refusal(apply('fought', deployment('fought', 1), 'firedrill'));
  expect(body).toMatchObject({ code: 409, reason: 'Conflict' });
  expect(body.message).toMatch(
    /^Apply failed with 1 conflict: conflict with "kubectl-edit" using apps\/v1: \.spec\.replicas$/,
  );
  expect(body.details).toMatchObject({
    causes: [{ reason: 'FieldManagerConflict', field: '.spec.replicas' }],
  });
  const forced = await apply('fought', deployment('fought', 1), 'firedrill', true);
  expect(forced.spec?.replicas).toBe(1);
  expect(forced.metadata?.managedFields?.map(({ manager }) => manager)).not.toContain('kubectl-edit');
});

test('two managers share a list by its keys; what one declares no more goes, the rest stays', async () => {
  const withEnv = (env: object[]) => {
    const body = deployment('shared', 0);
    body.spec.template.spec.containers = [{ ...body.spec.template.spec.containers[0], env } as never];
    return body;
  };
  await apply(
    'shared',
    withEnv([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]),
    'one',
  );
  const theirs = {
    spec: { template: { spec: { containers: [{ name: 'shared', env: [{ name: 'C', value: '3' }] }] } } },
  };
  await apply('shared', { apiVersion: 'apps/v1', kind: 'Deployment', ...theirs }, 'two');
  const after = await apply('shared', withEnv([{ name: 'B', value: '2' }]), 'one');
  expect(after.spec?.template.spec?.containers[0]?.env).toEqual([
    { name: 'B', value: '2' },
    { name: 'C', value: '3' },
  ]);
  expect(
    await refusal(
      apply('shared', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 5 } }, 'two'),
    ),
  ).toMatchObject({ code: 409 });
});

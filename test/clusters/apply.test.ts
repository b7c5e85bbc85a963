import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { kindOf } from './kinds.ts';
import { contextOf, manifestsOf, openSandbox, perform, type Sandbox, undo } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const apply = (folders: string[], step: string) =>
  perform(kindOf('karmada/apply'), { manifests: folders.flatMap(manifestsOf) }, contextOf(sandbox, { step }));
const policy = () => sandbox.world.federation.get('policy.karmada.io/propagationpolicies', 'demo', 'hello');

it('puts back a field that it dropped by no longer writing it, under the same ownership', async () => {
  await apply(['hello', 'policy-failover'], 'setup.one');
  const before = policy()!;
  expect(before['spec'].failover.application.decisionConditions.tolerationSeconds).toBe(10);

  const second = await apply(['policy-static'], 'setup.two');
  expect(policy()!['spec'].failover).toBeUndefined();
  const context = contextOf(sandbox, { step: 'setup.two' });
  const differences = await second.kind.compare(second.input, second.snapshot, context);
  expect(differences.map(({ what }) => what)).toContain(
    'federation PropagationPolicy demo/hello spec.failover.application.decisionConditions.tolerationSeconds',
  );

  await expect(undo(second, context)).resolves.toEqual({ done: true, restored: 'fully' });
  expect(policy()!['spec']).toEqual(before['spec']);
  await expect(second.kind.compare(second.input, second.snapshot, context)).resolves.toEqual([]);

  // Still ours: another apply without the field drops it again.
  await apply(['policy-static'], 'setup.three');
  expect(policy()!['spec'].failover).toBeUndefined();
});

it('leaves what a person has set in the meantime where it dropped a field', async () => {
  await apply(['hello', 'policy-failover'], 'setup.one');
  const second = await apply(['policy-static'], 'setup.two');
  sandbox.world.federation.update('policy.karmada.io/propagationpolicies', 'demo', 'hello', (object) => {
    object['spec'].failover = { application: { decisionConditions: { tolerationSeconds: 99 } } };
  });
  const undone = await undo(second, contextOf(sandbox, { step: 'setup.two' }));
  expect(undone).toMatchObject({ restored: 'partly' });
  expect(policy()!['spec'].failover.application.decisionConditions.tolerationSeconds).toBe(99);
});

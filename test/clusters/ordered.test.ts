/** Ordered clusterAffinities: a one-way street, and the two ways back. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Policy } from '../../activities/ports/federation.ts';
import { kindOf } from './kinds.ts';
import { contextOf, deploy, look, manifestsOf, openSandbox, perform, type Sandbox, undo } from './sandbox.ts';

const hello = { workload: 'deployment/hello' };
const { signal } = new AbortController();

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const spread = (expect: object) =>
  look(kindOf('karmada/await-spread'), { ...hello, expect }, contextOf(sandbox, { withinMs: 10_000 }));

/** Placed on the primary, lost, taken over by the secondary, and the primary is back. */
async function failedOver() {
  const policy = manifestsOf('policy-ordered');
  for (const object of policy) object['spec'].failover.application.decisionConditions.tolerationSeconds = 1;
  await deploy(sandbox, policy);
  await spread({ aks1: 9 });
  const context = contextOf(sandbox, { victim: 'aks1' });
  const drained = await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, context);
  await spread({ aks2: 7, k3s: 2 });
  await undo(drained, context);
}

async function policyNow(): Promise<Policy> {
  const binding = await sandbox.ports.federation().binding({ namespace: 'demo', name: 'hello' }, signal);
  return (await sandbox.ports.federation().policy(binding!.policy!, signal))!;
}

it.each([
  ['placement', (least: number) => least < 9],
  ['surge', (least: number) => least >= 9],
])('by %s: back to the first group, the policy as it was', async (by, isLeast) => {
  await failedOver();
  const before = await policyNow();
  const context = contextOf(sandbox);
  const kind = kindOf('karmada/rebalance');
  expect(await kind.preflight?.(kind.input.parse(hello), context)).toMatchObject([{ code: 'FD3318' }]);
  expect(await kind.preflight?.(kind.input.parse({ ...hello, by }), context)).toEqual([]);
  const returned = await perform(kind, { ...hello, by }, context);
  expect(returned.output).toMatchObject({ by, spread: { aks1: 9 } });
  expect(isLeast(returned.output.leastReady)).toBe(true);
  await spread({ aks1: 9 });
  const after = await policyNow();
  expect(after.placement).toEqual(before.placement);
  expect(after.run).toBeUndefined();
  const binding = await sandbox.ports.federation().binding({ namespace: 'demo', name: 'hello' }, signal);
  expect(binding?.affinityName).toBe('primary');
});

it('by placement is refused where there are no groups', async () => {
  await deploy(sandbox);
  await spread({ aks1: 5, aks2: 3, k3s: 1 });
  const kind = kindOf('karmada/rebalance');
  const given = { ...hello, by: 'placement' };
  expect(await kind.preflight?.(kind.input.parse(given), contextOf(sandbox))).toMatchObject([
    { severity: 'error', code: 'FD3321' },
  ]);
  await expect(perform(kind, given, contextOf(sandbox))).rejects.toMatchObject({
    type: 'refused',
    details: [{ code: 'FD3321' }],
  });
});

it('a policy of another shape leaves nothing of the one before, also where a surge has edited that', async () => {
  await deploy(sandbox, manifestsOf('policy-failover'));
  const steady = { workload: 'deployment/hello', expect: 'steady' };
  await look(kindOf('karmada/await-spread'), steady, contextOf(sandbox));
  const moved = await perform(
    kindOf('karmada/evacuate'),
    { workload: 'deployment/hello', cluster: 'aks1', by: 'surge' },
    contextOf(sandbox),
  );
  await undo(moved, contextOf(sandbox));
  const placementBy = async (policy: string) => {
    await perform(kindOf('karmada/apply'), { manifests: manifestsOf(policy) }, contextOf(sandbox));
    const found = sandbox.world.federation.get('policy.karmada.io/propagationpolicies', 'demo', 'hello');
    return found?.['spec'].placement;
  };
  expect(await placementBy('policy-ordered')).toEqual(manifestsOf('policy-ordered')[0]?.['spec'].placement);
  expect(await placementBy('policy-failover')).toEqual(manifestsOf('policy-failover')[0]?.['spec'].placement);
});

it('puts back, under its own ownership, what a surge had edited before the policy was replaced', async () => {
  await deploy(sandbox, manifestsOf('policy-failover'));
  const steady = { workload: 'deployment/hello', expect: 'steady' };
  await look(kindOf('karmada/await-spread'), steady, contextOf(sandbox));
  const given = { workload: 'deployment/hello', cluster: 'aks1', by: 'surge' };
  await undo(await perform(kindOf('karmada/evacuate'), given, contextOf(sandbox)), contextOf(sandbox));
  const before = await policyNow();
  const context = contextOf(sandbox, { step: 'setup.two' });
  const replaced = await perform(
    kindOf('karmada/apply'),
    { manifests: manifestsOf('policy-ordered') },
    context,
  );
  expect(await undo(replaced, context)).toEqual({ done: true, restored: 'fully' });
  expect((await policyNow()).placement).toEqual(before.placement);
});

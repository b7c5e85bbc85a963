/** Whose cluster is it? What a drain and a taint do to a tenant that is none of the drill's business. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { seedSecondTenant } from '../../lab/karmada/second-tenant.ts';
import { kindOf } from './kinds.ts';
import { contextOf, deploy, look, openSandbox, perform, type Sandbox, undo } from './sandbox.ts';

const kind = kindOf('karmada/watch-tenants');
const invoices = 'billing/invoices';

let sandbox: Sandbox;
let stopTenant: () => void;
beforeEach(async () => {
  sandbox = await openSandbox();
  stopTenant = seedSecondTenant(sandbox.world);
  await deploy(sandbox);
  await look(
    kindOf('karmada/await-spread'),
    { workload: 'deployment/hello', expect: 'steady' },
    contextOf(sandbox),
  );
});
afterEach(() => {
  stopTenant();
  return sandbox.close();
});

const whole = (withinMs = 10_000) => look(kind, { expect: 'whole' }, contextOf(sandbox, { withinMs }));

it('a drain takes half of it for as long as the nodes are away, and leaves it where it was', async () => {
  const { tenants } = await whole();
  expect(tenants).toEqual([
    { workload: invoices, wanted: 4, ready: 4, least: 4, spread: { aks1: 2, aks2: 2 } },
  ]);
  const context = contextOf(sandbox, { victim: 'aks1' });
  const seen = look(kind, { for: '2s' }, contextOf(sandbox));
  const drained = await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, context);
  expect(await seen).toMatchObject({
    tenants: [{ workload: invoices, least: 2, spread: { aks1: 2, aks2: 2 } }],
    series: [{ missing: {} }, ...[expect.anything()]],
  });
  const failed = await whole(500).catch((error) => error);
  expect(failed).toMatchObject({ type: 'deviated', details: [{ code: 'FD3322' }] });
  expect(failed.message).toContain(`${invoices} lacks 2`);
  await undo(drained, context);
  expect((await whole()).tenants).toMatchObject([{ ready: 4, spread: { aks1: 2, aks2: 2 } }]);
});

it('a taint for ours moves theirs as well, and the way back brings both home', async () => {
  await whole();
  const context = contextOf(sandbox, { victim: 'aks1' });
  const given = { workload: 'deployment/hello', cluster: 'aks1', by: 'taint' };
  const moved = await perform(kindOf('karmada/evacuate'), given, context);
  await look(
    kindOf('karmada/await-spread'),
    { workload: 'deployment/hello', expect: { aks2: 7, k3s: 2 } },
    contextOf(sandbox),
  );
  expect((await whole()).tenants).toMatchObject([{ workload: invoices, spread: { aks2: 4 } }]);
  expect(await undo(moved, context)).toEqual({ done: true, restored: 'fully' });
  expect((await whole()).tenants).toMatchObject([{ spread: { aks1: 2, aks2: 2 } }]);
});

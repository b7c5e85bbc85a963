/** What may not be undone is not done: found before the run, and again right before the act. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { guard } from '../../activities/engine/guard.ts';
import { mergePermissions } from '../../dsl/permissions.ts';
import type { Plan } from '../../dsl/plan.ts';
import { kindOf } from '../clusters/kinds.ts';
import { contextOf, openSandbox, type Sandbox } from '../clusters/sandbox.ts';
import { grant } from './account.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

it.each([
  {
    uses: 'kubernetes/scale-nodes',
    input: { cluster: 'aks1', to: 0 },
    undoes: { resource: 'nodes', verb: 'create' },
  },
  { uses: 'kubernetes/drain', input: { cluster: 'aks1' }, undoes: { resource: 'nodes', verb: 'patch' } },
])('$uses is not begun without $undoes.verb $undoes.resource, which its undo needs', async (one) => {
  const { resource, verb } = one.undoes;
  const kind = kindOf(one.uses);
  const input = kind.input.parse(one.input) as never;
  const permissions = mergePermissions(kind.permissions(input, sandbox.fleet));
  const account = await grant(sandbox, `undo-${one.uses.replace('/', '-')}`, permissions);
  const plan = {
    fleet: sandbox.fleet,
    guard: { survivorCapacity: false, blackout: [] },
  } as unknown as Plan;
  const act = { step: 'steps.fault', kind, input };
  await expect(guard(plan, act, contextOf(account))).resolves.toBeUndefined();

  const right = permissions.find((each) => each.plane === 'aks1' && each.resource === resource)!;
  await account.without(right, verb);
  account.asked.length = 0;
  const refused = await guard(plan, act, contextOf(account)).catch((error) => error);
  expect(refused).toMatchObject({ type: 'refused', details: [{ code: 'FD6023', where: 'steps.fault' }] });
  expect(refused.details[0].what).toContain(`aks1: not allowed: ${verb} ${resource}`);
  expect(account.asked.filter((each) => !['get', 'list'].includes(each.verb))).toEqual([]);
  const nodes = await sandbox.ports.member('aks1').nodes(signal);
  expect(nodes.map((node) => node.schedulable)).toEqual([true, true, true]);
  await account.close();
});

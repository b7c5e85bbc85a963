/** Sharing a Service between clusters: the kinds through their ports against the sandbox. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { comparable } from '../../lab/comparison.ts';
import { kindOf } from './kinds.ts';
import {
  contextOf,
  deploy,
  look,
  openSandbox,
  type Performed,
  perform,
  type Sandbox,
  undo,
} from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  // A Cluster's APIs are read as often; the measured 10 s would only make the tests slow.
  sandbox = await openSandbox({ podStartMs: 50, podStopMs: 50 }, { statusEveryMs: 300 });
  await deploy(sandbox);
  await look(kindOf('karmada/await-spread'), { workload: 'deployment/hello', expect: 'steady' }, context());
});
afterAll(() => sandbox.close());

/** A new one each time: its deadline runs from now. */
const context = () => contextOf(sandbox);
const share = (input: object) => perform(kindOf('mcs/export'), { service: 'hello', ...input }, context());
const ask = (input: object) =>
  look(kindOf('mcs/verify'), { service: 'hello', from: 'k3s', requests: 150, ...input }, contextOf(sandbox));
/** What a drill would find changed; a copy that Karmada renews by itself may still be on its way. */
const state = () => comparable(sandbox.world);
const STILL_MS = 1_500;
/** What Karmada last heard of the members comes in after everything else holds. */
const settled = async () => {
  for (let last = state(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, STILL_MS));
    const now = state();
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
};
const isBack = async (before: object) => {
  for (let looks = 0; looks < 20 && JSON.stringify(state()) !== JSON.stringify(before); looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 200));
  expect(state()).toEqual(before);
};
const codeOf = async (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => 'none',
    (error) => error.details[0].code,
  );

it('a ServiceImport: one virtual address, and requests spread flat over all pods of all members', async () => {
  const before = await settled();
  expect(await codeOf(ask({}))).toBe('FD3609');
  const exported = await share({ from: 'all', to: 'all' });
  expect(exported.output).toMatchObject({ name: 'hello.demo.svc.clusterset.local' });
  expect(exported.output.importers).toHaveLength(3);
  for (const importer of exported.output.importers)
    expect(importer).toMatchObject({ service: 'derived-hello', endpoints: { aks1: 5, aks2: 3, k3s: 1 } });
  expect(exported.output.apisAfterMs).toBeGreaterThan(0);
  expect(await again(exported)).toMatchObject({ importers: exported.output.importers });

  const seen = await ask({ expect: 'flat' });
  const address = exported.output.importers.find((one: { member: string }) => one.member === 'k3s').address;
  expect(seen.dns).toMatchObject({ asked: 150, failed: 0, addresses: [address], chose: 'one-address' });
  expect(seen.service).toMatchObject({ failed: 0, endpoints: { aks1: 5, aks2: 3, k3s: 1 } });
  expect(Object.keys(seen.service.pods)).toHaveLength(9);
  expect(seen.pattern).toBe('flat');
  expect(seen.text.join('\n')).toContain(`one address (${address}), chooses nothing`);

  // Its own name still leads to its own pods only.
  const own = await ask({ name: 'hello.demo.svc.cluster.local' });
  expect(own.service.clusters).toEqual({ k3s: 150 });

  expect(await undo(exported, context())).toEqual({ done: true, restored: 'fully' });
  await isBack(before);
  expect(await exported.kind.compare(exported.input, exported.snapshot, context())).toEqual([]);
});

async function again({ kind, input, snapshot }: Performed) {
  const acted = await kind.act(input, snapshot, context(), undefined);
  return acted.done ? acted.output : 'not done';
}

it('a MultiClusterService shares under the own name', async () => {
  const before = await settled();
  const exported = await share({ by: 'multi-cluster-service', from: ['aks1', 'aks2'], to: ['k3s'] });
  expect(exported.output.importers).toMatchObject([
    { member: 'k3s', service: 'hello', endpoints: { aks1: 5, aks2: 3 } },
  ]);
  const seen = await ask({ name: exported.output.name, expect: 'flat' });
  expect(seen.service.endpoints).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
  expect(await undo(exported, context())).toEqual({ done: true, restored: 'fully' });
  await isBack(before);
});

it('both ways at once: each knows its own copies, and taking one back leaves the other', async () => {
  const imported = await share({ from: ['aks1'], to: ['k3s'] });
  const before = await settled();
  const shared = await share({ by: 'multi-cluster-service', from: ['aks1', 'aks2'], to: ['k3s'] });
  expect(shared.output.importers).toMatchObject([{ service: 'hello', endpoints: { aks1: 5, aks2: 3 } }]);
  expect(await undo(shared, context())).toEqual({ done: true, restored: 'fully' });
  await isBack(before);
  expect(await undo(imported, context())).toEqual({ done: true, restored: 'fully' });
});

it('leaves what was there before: CRDs that another policy brought, and an export by hand', async () => {
  const first = await share({ from: ['aks1'], to: ['k3s'] });
  const before = await settled();
  const second = await perform(
    kindOf('mcs/export'),
    { service: 'hello', from: ['aks1'], to: ['k3s'] },
    contextOf(sandbox, { run: 'run-2' }),
  );
  expect(second.output.apisAfterMs).toBeLessThan(first.output.apisAfterMs);
  expect(await undo(second, context())).toEqual({ done: true, restored: 'fully' });
  await isBack(before);
  expect((await ask({})).service.endpoints).toEqual({ aks1: 5 });
  expect(await undo(first, context())).toEqual({ done: true, restored: 'fully' });
});

it('unexport takes back what an export made, and its undo shares it again', async () => {
  const none = perform(kindOf('mcs/unexport'), { service: 'hello' }, context());
  expect(await codeOf(none)).toBe('FD3613');
  const clean = state();
  await share({ from: ['aks1', 'aks2'], to: ['k3s'] });
  const taken = await perform(kindOf('mcs/unexport'), { service: 'hello' }, context());
  expect(taken.output.left).toEqual([]);
  expect(taken.output.removed).toContain('ServiceExport hello');
  await isBack(clean);
  expect(await codeOf(ask({}))).toBe('FD3609');
  const changed = await taken.kind.compare(taken.input, taken.snapshot, context());
  expect(changed.map(({ what }) => what)).toContain('federation ServiceExport demo/hello');

  expect(await undo(taken, context())).toEqual({ done: true, restored: 'fully' });
  // The same again, of other permanent ids.
  expect((await ask({})).service.endpoints).toEqual({ aks1: 5, aks2: 3 });
  await perform(kindOf('mcs/unexport'), { service: 'hello' }, context());
  await isBack(clean);
});

it('the APIs stay when somebody else shares a Service by them', async () => {
  const exported = await share({ from: ['aks1'], to: ['k3s'] });
  sandbox.world.federation.create('multicluster.x-k8s.io/serviceexports', {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ServiceExport',
    metadata: { namespace: 'demo', name: 'other' },
  });
  const undone = await undo(exported, context());
  expect(undone).toMatchObject({
    restored: 'partly',
    left: [{ reason: expect.stringContaining('demo/other') }],
  });
  sandbox.world.federation.remove('multicluster.x-k8s.io/serviceexports', 'demo', 'other');
  expect(await undo(exported, context())).toEqual({ done: true, restored: 'fully' });
});

it('says what is wrong: no such Service, a stranger, another spread than expected, a gate that is off', async () => {
  expect(await codeOf(perform(kindOf('mcs/export'), { service: 'nobody' }, context()))).toBe('FD3601');
  const kind = kindOf('mcs/export');
  const given = kind.input.parse({ service: 'hello', from: ['aks1', 'aks9'] });
  expect(kind.check!(given, sandbox.fleet)).toMatchObject([{ path: ['from', 1], nearest: ['aks1', 'aks2'] }]);
  const off = { ...context(), fleet: { ...sandbox.fleet, flags: {} } };
  const findings = await kind.preflight!(
    kind.input.parse({ service: 'no', by: 'multi-cluster-service', from: ['aks1'], to: ['k3s'] }),
    off,
  );
  expect(findings.map(({ severity, code }) => [severity, code])).toEqual([
    ['unknown', 'FD3306'],
    ['warning', 'FD3607'],
    ['warning', 'FD3601'],
  ]);
  const verify = kindOf('mcs/verify');
  const blind = { ...sandbox.fleet, members: { k3s: { ...sandbox.fleet.members.k3s!, inside: undefined } } };
  expect(verify.check!(verify.input.parse({ service: 'hello', from: 'k3s' }), blind)).toMatchObject([
    { code: 'FD3606' },
  ]);
  const exported = await share({ from: 'all', to: ['k3s'] });
  expect(await codeOf(ask({ expect: 'per-cluster' }))).toBe('FD3611');
  expect(await codeOf(ask({ expect: 'flat', port: 81 }))).toBe('FD3610');
  await undo(exported, context());
});

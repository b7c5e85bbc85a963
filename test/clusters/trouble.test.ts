import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { kindOf } from './kinds.ts';
import {
  contextOf,
  deploy,
  look,
  manifestsOf,
  openSandbox,
  perform,
  quickFailover,
  type Sandbox,
  undo,
} from './sandbox.ts';

const hello = { workload: 'deployment/hello' };
const { signal } = new AbortController();
const details = (error: unknown) => (error as { details: { code: string; what: string }[] }).details[0]!;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const steady = (options = {}) =>
  look(kindOf('karmada/await-spread'), { ...hello, expect: 'steady' }, contextOf(sandbox, options));

async function ready(policy = manifestsOf('policy-static')) {
  await deploy(sandbox, policy);
  await steady();
}

it('static weights: a drain moves nothing, and the wait says what was missing', async () => {
  await ready();
  const context = contextOf(sandbox, { victim: 'aks1' });
  const drained = await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, context);
  const failed = await look(
    kindOf('karmada/await-spread'),
    { ...hello, expect: 'without-victim' },
    contextOf(sandbox, { victim: 'aks1', withinMs: 1500 }),
  ).catch((error) => error);
  expect(failed).toMatchObject({ type: 'deviated' });
  expect(details(failed)).toMatchObject({
    code: 'FD3301',
    what: expect.stringContaining('nothing moved: its policy has no application failover'),
    evidence: {
      series: expect.arrayContaining([expect.objectContaining({ ready: { aks1: 0, aks2: 3, k3s: 1 } })]),
    },
  });
  expect(await undo(drained, context)).toEqual({ done: true, restored: 'fully' });
  await steady();
});

it('uncordons only what it cordoned, after a crash too, and tells of what a person changed', async () => {
  await ready();
  const member = sandbox.ports.member('aks1');
  const [first, second, third] = (await member.nodes(signal)).map((node) => node.name) as [
    string,
    string,
    string,
  ];
  const cordon = (name: string, unschedulable: boolean | null) =>
    member.patch({ apiVersion: 'v1', kind: 'Node', name }, { spec: { unschedulable } }, signal);
  await cordon(first, true);
  const stop = new AbortController();
  const context = contextOf(sandbox, { signal: stop.signal });
  const kind = kindOf('kubernetes/drain');
  const dying = perform(
    kind,
    { cluster: 'aks1' },
    { ...context, heartbeat: () => stop.abort(new Error('killed')) },
  );
  await expect(dying).rejects.toThrow('killed');

  const again = contextOf(sandbox);
  const drained = await perform(kind, { cluster: 'aks1' }, again);
  // The snapshot of a run is taken once: the one the killed attempt had.
  const snapshot = drained.snapshot as { nodes: { name: string; schedulable: boolean }[] };
  snapshot.nodes = [first, second, third].map((name) => ({ name, schedulable: name !== first }));
  await cordon(second, null);
  await member.patch(
    { apiVersion: 'v1', kind: 'Node', name: third },
    { metadata: { annotations: { 'firedrill.dev/run': null } } },
    signal,
  );
  expect(await undo(drained, again)).toMatchObject({
    restored: 'partly',
    left: [{ what: `aks1 node ${third} spec.unschedulable`, reason: 'a person has changed it since' }],
  });
  const after = await member.nodes(signal);
  expect(after.map((node) => node.schedulable)).toEqual([false, true, false]);
  expect(await undo(drained, again)).toMatchObject({ restored: 'partly' });
});

it('tells who moved replicas before anybody watched', async () => {
  await ready();
  const victim = { ...contextOf(sandbox, { victim: 'aks1' }), faultAtMs: Date.now() };
  const without = () => look(kindOf('karmada/await-spread'), { ...hello, expect: 'without-victim' }, victim);
  sandbox.world.federation.update('policy.karmada.io/propagationpolicies', 'demo', 'hello', (policy) => {
    policy.spec.placement.clusterAffinity.clusterNames = ['aks2', 'k3s'];
    const time = new Date(Date.now() + 1_000).toISOString();
    const written = { manager: 'kubectl-edit', operation: 'Update', time, fieldsV1: { 'f:spec': {} } };
    policy.metadata.managedFields = [...(policy.metadata.managedFields ?? []), written];
  });
  await look(kindOf('karmada/await-spread'), { ...hello, expect: { aks2: 7, k3s: 2 } }, contextOf(sandbox));
  expect(await without()).toMatchObject({
    moved: true,
    movedBy: { how: 'placement-edit', by: 'person', evidence: expect.stringContaining('kubectl-edit') },
  });
});

it('a drain is undone by a person who uncordons, and by an autoscaler that brings a node', async () => {
  await ready();
  const context = contextOf(sandbox, { victim: 'aks1' });
  const { kind, input, snapshot } = await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, context);
  const probe = () => kind.probe!(input, snapshot, context);
  expect(await probe()).toMatchObject({ bitten: true });
  const member = sandbox.ports.member('aks1');
  const [first] = await member.nodes(signal);
  const cordon = (unschedulable: boolean) =>
    member.patch({ apiVersion: 'v1', kind: 'Node', name: first!.name }, { spec: { unschedulable } }, signal);
  await cordon(false);
  expect(await probe()).toMatchObject({
    bitten: false,
    evidence: expect.stringContaining(`${first!.name} of aks1 can be scheduled on`),
  });
  await cordon(true);
  expect(await probe()).toMatchObject({ bitten: true });
  const { status } = sandbox.world.members['aks1']!.get('core/nodes', undefined, first!.name)!;
  sandbox.world.members['aks1']!.create('core/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'aks1-new' },
    spec: {},
    status,
  });
  expect(await probe()).toMatchObject({
    bitten: false,
    evidence: expect.stringContaining('aks1-new (which has come since)'),
  });
});

it('finds a budget that can never be met before anything is touched, and room that is missing', async () => {
  sandbox.world.configure({ clusters: { aks2: { cpu: '200m', nodes: 3 } } });
  await ready(quickFailover());
  await sandbox.ports.member('aks1').create(
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'hello', namespace: 'demo' },
      spec: { minAvailable: 4, selector: { matchLabels: { app: 'hello' } } },
    },
    signal,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  sandbox.world.configure({ clusters: { aks2: { cpu: '60m' } } });
  const kind = kindOf('kubernetes/drain');
  const findings = (await kind.preflight?.(kind.input.parse({ cluster: 'aks1' }), contextOf(sandbox)))!;
  const found = (code: string) => findings.find((finding) => finding.code === code);
  expect(found('FD3201')).toMatchObject({ severity: 'ok' });
  expect(found('FD3202')).toMatchObject({
    severity: 'error',
    what: expect.stringContaining('minAvailable 4 of 5 pods = 4 must stay healthy'),
  });
  expect(found('FD3040')).toMatchObject({
    severity: 'warning',
    what: expect.stringContaining('second cluster down'),
  });
  const stuck = await perform(kind, { cluster: 'aks1' }, contextOf(sandbox, { withinMs: 700 })).catch(
    (error) => error,
  );
  expect(stuck).toMatchObject({ type: 'broken' });
  expect(details(stuck).what).toMatch(
    /4 pods could not be evicted.*minAvailable 4, 4 healthy, 4 needed, 0 may go/,
  );
});

it('waits out an API server that fails, and goes on where a watch broke', async () => {
  await deploy(sandbox);
  const { faults } = sandbox.world;
  const broken = ['aks1', 'federation'].map((target) => faults.add({ kind: 'api-500', target }));
  const waiting = steady();
  await new Promise((resolve) => setTimeout(resolve, 400));
  for (const id of broken) faults.remove(id);
  const spread = await waiting;
  expect(spread.troubles.join()).toMatch(/HTTP 500/);
  expect(spread.ready).toEqual({ aks1: 5, aks2: 3, k3s: 1 });

  const later = look(
    kindOf('kubernetes/await-pods'),
    { cluster: 'aks2', ...hello, ready: 5 },
    contextOf(sandbox),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const gone = faults.add({ kind: 'api-gone', target: 'aks2' });
  await sandbox.ports.federation().scale({ namespace: 'demo', name: 'hello' }, 14, signal);
  await new Promise((resolve) => setTimeout(resolve, 300));
  faults.remove(gone);
  expect((await later).ready).toBe(5);
});

it('says that it could not judge when nothing was ever seen', async () => {
  sandbox.world.faults.add({ kind: 'api-500', target: 'federation' });
  const failed = await steady({ withinMs: 500 }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ type: 'unjudged' });
});

it('a rebalancer brings replicas back, also right after the last scheduling', async () => {
  await ready(quickFailover());
  const context = contextOf(sandbox, { victim: 'aks1' });
  const drained = await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, context);
  await look(kindOf('karmada/await-spread'), { ...hello, expect: 'without-victim' }, context);
  await undo(drained, context);
  const back = await perform(kindOf('karmada/rebalance'), hello, contextOf(sandbox));
  expect(back.output).toMatchObject({ by: 'rebalancer', spread: { aks1: 5, aks2: 3, k3s: 1 } });
  expect(back.output.leastReady).toBeLessThan(9);
});

it('does not rebalance against an evacuation that is still in force', async () => {
  await ready();
  const context = contextOf(sandbox);
  await perform(kindOf('karmada/evacuate'), { ...hello, cluster: 'aks1', by: 'placement' }, context);
  const failed = await perform(kindOf('karmada/rebalance'), hello, context).catch((error) => error);
  expect(details(failed).code).toBe('FD3320');
});

it('an undo leaves a policy that somebody has edited since', async () => {
  await ready();
  const context = contextOf(sandbox);
  const evacuated = await perform(
    kindOf('karmada/evacuate'),
    { ...hello, cluster: 'aks1', by: 'placement' },
    context,
  );
  const ref = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    namespace: 'demo',
    name: 'hello',
  };
  const placement = { clusterAffinity: { clusterNames: ['aks2'] } };
  await sandbox.ports.federation().patch(ref, { spec: { placement } }, signal);
  const undone = await undo(evacuated, contextOf(sandbox, { withinMs: 1000 }));
  expect(undone).toMatchObject({ restored: 'partly' });
  const policy = await sandbox.ports.federation().policy(ref, signal);
  expect(policy?.placement.clusterAffinity?.clusterNames).toEqual(['aks2']);
});

it('takes all nodes away and brings exactly these back', async () => {
  await ready();
  const context = contextOf(sandbox);
  const before = (await sandbox.ports.member('aks1').nodes(signal)).map((node) => node.object['spec']);
  const scaled = await perform(kindOf('kubernetes/scale-nodes'), { cluster: 'aks1', to: 0 }, context);
  expect(await sandbox.ports.member('aks1').nodes(signal)).toEqual([]);
  expect(context.faults).toBe(1);
  expect(await scaled.kind.probe?.(scaled.input, scaled.snapshot, context)).toMatchObject({
    bitten: true,
    // Five of hello, two of the neighbour.
    evidence: expect.stringContaining('aks1 has 0 nodes; a request straight to it: timeout; 7 pods'),
  });
  expect(await undo(scaled, context)).toEqual({ done: true, restored: 'fully' });
  expect((await sandbox.ports.member('aks1').nodes(signal)).map((node) => node.object['spec'])).toEqual(
    before,
  );
});

it('undoes an apply: what it created goes, what it changed comes back, the rest stays', async () => {
  await ready();
  const context = contextOf(sandbox);
  const [, , deployment] = manifestsOf('hello');
  const changed = structuredClone(deployment!);
  changed['spec'].replicas = 10;
  const added = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'added', namespace: 'demo' },
    data: { a: 'b' },
  };
  const applied = await perform(kindOf('karmada/apply'), { manifests: [changed, added] }, context);
  expect(applied.output.objects.map((one: { outcome: string }) => one.outcome)).toEqual([
    'changed',
    'created',
  ]);
  expect(await applied.kind.compare(applied.input, applied.snapshot, context)).toHaveLength(2);
  expect(await undo(applied, context)).toEqual({ done: true, restored: 'fully' });
  expect(await sandbox.ports.federation().replicas({ namespace: 'demo', name: 'hello' }, signal)).toBe(9);
  expect(await applied.kind.compare(applied.input, applied.snapshot, context)).toEqual([]);
});

it('unjoins and joins again; never unjoins a member that carries Works', async () => {
  await deploy(sandbox, []);
  const context = contextOf(sandbox);
  const unjoined = await perform(kindOf('karmada/unjoin'), { cluster: 'k3s' }, context);
  expect((await sandbox.ports.federation().clusters(signal)).map((one) => one.name)).not.toContain('k3s');
  expect(await undo(unjoined, context)).toEqual({ done: true, restored: 'fully' });
  await look(kindOf('karmada/await-clusters'), {}, context);

  const again = await perform(kindOf('karmada/unjoin'), { cluster: 'k3s' }, context);
  expect(again.output.works).toBeGreaterThanOrEqual(0);
  const joined = await perform(kindOf('karmada/join'), { cluster: 'k3s' }, context);
  await look(kindOf('karmada/await-clusters'), {}, context);
  const kept = await sandbox.ports
    .federation()
    .list('work.karmada.io/v1alpha1', 'Work', signal, 'karmada-es-k3s');
  const undone = await undo(joined, context);
  expect(undone).toMatchObject({ restored: kept.length > 0 ? 'partly' : 'fully' });
});

it('with the federation down, a drain goes on only where the runbook says that it is meant to be', async () => {
  await ready();
  const context = contextOf(sandbox, { victim: 'aks1' });
  const dark = await perform(kindOf('lab/break'), { fault: 'api-gone', target: 'federation' }, context);
  expect((dark.snapshot as { bindings: unknown[] }).bindings).toHaveLength(1);
  const kind = kindOf('kubernetes/drain');
  const asked = kind.input.parse({ cluster: 'aks1' });
  await expect(perform(kind, { cluster: 'aks1' }, context)).rejects.toMatchObject({ type: 'transient' });
  await expect(kind.preflight?.(asked, context)).rejects.toMatchObject({ type: 'transient' });
  const given = { cluster: 'aks1', federation: 'down' };
  await expect(kind.preflight?.(kind.input.parse(given), context)).resolves.toMatchObject([
    { severity: 'ok' },
  ]);
  const drained = await perform(kind, given, context);
  expect((drained.snapshot as { bindings: unknown[] }).bindings).toEqual([]);
  expect(await drained.kind.probe?.(drained.input, drained.snapshot, context)).toMatchObject({
    bitten: true,
  });
  expect(await undo(dark, context)).toEqual({ done: true, restored: 'fully' });
  expect(await undo(drained, context)).toEqual({ done: true, restored: 'fully' });
  await steady();
  // What the drain could not read, the step that took the federation away compares.
  expect(await dark.kind.compare(dark.input, dark.snapshot, context)).toEqual([]);
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { kindOf } from './kinds.ts';
import {
  contextOf,
  look,
  MEMBERS,
  manifestsOf,
  openSandbox,
  perform,
  quickFailover,
  type Sandbox,
  undo,
} from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const hello = { workload: 'deployment/hello' };

it('scenario A: joins, deploys, spreads, overrides, and serves from each entry point', async () => {
  const context = contextOf(sandbox);
  const joined = await Promise.all(
    MEMBERS.map((cluster) => perform(kindOf('karmada/join'), { cluster }, context)),
  );
  expect(joined.map((one) => one.output.joined)).toEqual([true, true, true]);
  await look(kindOf('karmada/await-clusters'), {}, context);
  const again = await perform(kindOf('karmada/join'), { cluster: 'aks1' }, context);
  expect(again.output.joined).toBe(false);

  const manifests = manifestsOf('hello');
  const applied = await perform(kindOf('karmada/apply'), { manifests }, context);
  expect(applied.output.objects.map((one: { outcome: string }) => one.outcome)).toEqual(
    manifests.map(() => 'created'),
  );
  await perform(kindOf('karmada/apply'), { manifests: quickFailover() }, context);
  const spread = await look(kindOf('karmada/await-spread'), { ...hello, expect: 'steady' }, context);
  expect(spread.spread).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
  expect(spread.ready).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
  expect(spread.series.length).toBeGreaterThan(1);

  await look(kindOf('kubernetes/await-pods'), { cluster: 'aks2', ...hello, ready: 3 }, context);
  const container = 'spec.template.spec.containers[name=hello]';
  await look(
    kindOf('karmada/check-override'),
    { ...hello, cluster: 'k3s', path: `${container}.image`, value: 'nginxdemos/hello:plain-text' },
    context,
  );
  await look(
    kindOf('karmada/check-override'),
    { ...hello, cluster: 'aks2', path: `${container}.image`, value: 'docker.io/nginxdemos/hello:0.4' },
    context,
  );
  for (const cluster of MEMBERS) {
    const checked = await look(kindOf('kubernetes/check-ingress'), { cluster }, context);
    expect(checked.answers).toHaveLength(3);
  }
});

it('applying the same again changes nothing', async () => {
  const applied = await perform(
    kindOf('karmada/apply'),
    { manifests: manifestsOf('hello') },
    contextOf(sandbox),
  );
  expect(new Set(applied.output.objects.map((one: { outcome: string }) => one.outcome))).toEqual(
    new Set(['unchanged']),
  );
});

it('scenario B: the drain bites, Karmada moves, the way back loses nothing and ends as it began', async () => {
  const context = contextOf(sandbox, { victim: 'aks1' });
  const findings = await kindOf('kubernetes/drain').preflight?.(
    kindOf('kubernetes/drain').input.parse({ cluster: 'aks1' }),
    context,
  );
  expect(findings?.filter((one) => one.severity === 'error')).toEqual([]);

  const waiting = look(
    kindOf('karmada/await-spread'),
    { ...hello, expect: 'without-victim' },
    contextOf(sandbox, { victim: 'aks1' }),
  );
  const drained = await perform(kindOf('kubernetes/drain'), { cluster: 'aks1' }, context);
  expect(drained.output.evicted).toBeGreaterThanOrEqual(5);
  expect(context.faults).toBe(1);
  const probed = await drained.kind.probe?.(drained.input, drained.snapshot, context);
  expect(probed).toMatchObject({ bitten: true });

  const moved = await waiting;
  expect(moved.spread).toEqual({ aks2: 7, k3s: 2 });
  expect(moved.movedBy).toMatchObject({ how: 'application-failover', by: 'karmada' });
  expect(moved.leastReady).toBe(4);

  expect(await undo(drained, context)).toEqual({ done: true, restored: 'fully' });
  const back = await perform(kindOf('karmada/rebalance'), { ...hello, by: 'surge' }, contextOf(sandbox));
  expect(back.output).toEqual({ by: 'surge', spread: { aks1: 5, aks2: 3, k3s: 1 }, leastReady: 9 });
  await look(kindOf('karmada/await-spread'), { ...hello, expect: 'steady' }, contextOf(sandbox));
  expect(await back.kind.compare(back.input, back.snapshot, context)).toEqual([]);
  expect(await drained.kind.compare(drained.input, drained.snapshot, context)).toEqual([]);
});

it.each(['taint', 'placement', 'surge'])('evacuate by %s goes there and back', async (by) => {
  const context = contextOf(sandbox, { victim: 'aks1', withinMs: 25_000, run: `run-${by}` });
  const evacuated = await perform(kindOf('karmada/evacuate'), { ...hello, cluster: 'aks1', by }, context);
  const there = await look(
    kindOf('karmada/await-spread'),
    { ...hello, expect: 'without-victim' },
    contextOf(sandbox, { victim: 'aks1' }),
  );
  expect(there.spread).toEqual({ aks2: 7, k3s: 2 });
  if (by === 'surge') expect(evacuated.output.leastReady).toBe(9);
  expect(await evacuated.kind.probe?.(evacuated.input, evacuated.snapshot, context)).toMatchObject({
    bitten: true,
  });
  expect(await undo(evacuated, context)).toEqual({ done: true, restored: 'fully' });
  const back = await look(kindOf('karmada/await-spread'), { ...hello, expect: 'steady' }, contextOf(sandbox));
  expect(back.spread).toEqual({ aks1: 5, aks2: 3, k3s: 1 });
  expect(await evacuated.kind.compare(evacuated.input, evacuated.snapshot, context)).toEqual([]);
});

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { askableMembers } from '../../dsl/askable.ts';
import { refused } from '../failure.ts';
import { type Acted, type Difference, defineKind, type StepContext } from '../kind.ts';
import { type Bound, boundTo, compareBound, isBinding } from '../kubernetes/bound.ts';
import {
  cluster,
  namespace,
  reading,
  unknownMembers,
  withoutFederation,
  workload,
  workloadOf,
} from '../kubernetes/inputs.ts';
import { OUR_TAINT } from './movement.ts';
import { placementWithout, sameSpread } from './placement.ts';
import { placementPermissions } from './rebalance.ts';
import { comeBack } from './return.ts';
import { bindingOf, policyOf, writePlacement } from './settling.ts';
import { notWeighted, type SurgeProgress, surge, surgeFrom, type Written } from './surging.ts';
import { survivorFindings, survivorPermissions } from './survivors.ts';
import { flagFindings } from './taint-flags.ts';
import { differencesOf } from './written.ts';

const input = z.strictObject({
  workload,
  namespace,
  cluster,
  by: z.enum(['taint', 'placement', 'surge']),
});
type Input = z.infer<typeof input>;

const output = z.object({
  by: z.enum(['taint', 'placement', 'surge']),
  leastReady: z.number().optional().meta({ description: 'Over the fleet while it lasted; surge only' }),
});
type Output = z.infer<typeof output>;

export type EvacuateSnapshot = Written & { bindings: Bound };

export const evacuate = defineKind<Input, Output, EvacuateSnapshot>({
  name: 'karmada/evacuate',
  version: 1,
  summary: "Move a workload off a member by the drill's own hand",
  doc: "`taint`: a NoExecute taint on the Cluster; hits **every** tenant and every propagated resource, and moves nothing unless Karmada has both the feature gate Failover and `--enable-no-execute-taint-eviction`, which no API shows. `placement`: edits the policy to leave the cluster out. Both lose the cluster's replicas for as long as a pod takes to start. `surge`: makes before it breaks and loses none. Undo takes our own taint off, puts our own edits back by a surge, and rebalances the other tenants that were moved.",
  example: { workload: 'deployment/hello', cluster: 'aks1', by: 'surge' },
  input,
  output,
  effect: 'disrupts',
  undoPhase: 'placement',
  mover: true,
  timeoutMs: 300_000,
  permissions: (given, fleet) => [
    ...survivorPermissions(given.cluster, fleet),
    reading('federation', 'work.karmada.io', 'resourcebindings', given.namespace),
    ...placementPermissions(given.namespace),
    ...(given.by === 'taint'
      ? [
          {
            plane: 'federation',
            group: 'cluster.karmada.io',
            resource: 'clusters',
            names: [given.cluster],
            verbs: ['get', 'patch'],
          },
        ]
      : []),
    // The way back brings the other tenants' replicas home as well.
    { plane: 'federation', group: 'apps.karmada.io', resource: 'workloadrebalancers', verbs: ['create'] },
    ...askableMembers(fleet).map((name) => reading(name, 'apps', 'deployments', given.namespace)),
  ],
  blast: (given) =>
    given.by === 'taint'
      ? {
          clusters: [given.cluster],
          namespaces: 'all',
          note: `everything Karmada propagated to ${given.cluster}, of all tenants`,
        }
      : {
          clusters: [given.cluster],
          namespaces: [given.namespace],
          note: `${given.workload} on ${given.cluster}`,
        },
  check: (given, fleet) => [
    ...withoutFederation(fleet),
    ...unknownMembers({ cluster: given.cluster }, fleet),
  ],

  async preflight(given, context) {
    const survivors = await survivorFindings(given.cluster, context);
    // Whether Karmada would move it by itself does not matter when the drill does.
    const room = survivors.filter((finding) => finding.code === 'FD3040');
    return given.by === 'taint' ? [...flagFindings(given.cluster, context), ...room] : room;
  },

  async snapshot(given, context) {
    const binding = await bindingOf(workloadOf(given), context);
    const { placement } = await policyOf(binding, context);
    return { placement, replicas: binding.replicas, bindings: await boundTo(given.cluster, context) };
  },

  async act(given, before, context, progress) {
    switch (given.by) {
      case 'taint': {
        context.beginFault();
        await context.ports.federation().taint(given.cluster, taintOf(context), context.signal);
        return { done: true, output: { by: 'taint' } };
      }
      case 'placement':
        return byPlacement(given, before, context);
      case 'surge':
        return bySurge(given, before, context, progress as SurgeProgress | undefined);
    }
  },

  async undo(given, before, context, progress) {
    if (given.by === 'taint')
      await context.ports.federation().untaint(given.cluster, taintOf(context), context.signal);
    return comeBack(workloadOf(given), before, context, progress as SurgeProgress | undefined);
  },

  async compare(given, before, context) {
    const [written, bindings] = await Promise.all([
      differencesOf(workloadOf(given), before, context),
      compareBound(before.bindings, context),
    ]);
    return [
      ...(given.by === 'taint' ? await taintLeft(given.cluster, context) : []),
      ...written,
      ...bindings,
    ];
  },

  async probe(given, before, context) {
    const binding = await bindingOf(workloadOf(given), context);
    const there = binding.spread[given.cluster] ?? 0;
    const was = before.bindings.find((one) => isBinding(one, binding));
    const moved = !was || !sameSpread(was.spread, binding.spread);
    return {
      bitten: moved && there === 0,
      evidence: `Karmada has ${there} replicas of ${given.workload} on ${given.cluster}`,
    };
  },
});

/** Its value is a label value, so the run is told by a hash. */
function taintOf(context: StepContext) {
  const value = createHash('sha256').update(`${context.run}/${context.step}`).digest('hex').slice(0, 16);
  return { key: OUR_TAINT, value, effect: 'NoExecute' };
}

async function taintLeft(name: string, context: StepContext): Promise<Difference[]> {
  const clusters = await context.ports.federation().clusters(context.signal);
  const ours = taintOf(context);
  const found = clusters.find((one) => one.name === name)?.taints.some((one) => one.value === ours.value);
  if (!found) return [];
  return [
    {
      what: `federation Cluster ${name} taint ${ours.key}`,
      before: 'absent',
      now: `${ours.key}=${ours.value}:${ours.effect}`,
      reason: 'it is still ours',
      remedy: `karmadactl taint clusters ${name} ${ours.key}:${ours.effect}-`,
    },
  ];
}

async function byPlacement(given: Input, before: Written, context: StepContext): Promise<Acted<Output>> {
  const target = workloadOf(given);
  context.beginFault();
  const wanted = placementWithout(before.placement, given.cluster);
  if (await writePlacement(target, wanted, before.placement, context))
    return { done: true, output: { by: 'placement' } };
  throw refused({
    code: 'FD3316',
    where: `${given.namespace}/${given.workload}`,
    what: 'somebody else has edited its policy meanwhile',
    remedy: 'Look at the policy, then run the drill again',
  });
}

async function bySurge(
  given: Input,
  before: Written,
  context: StepContext,
  progress: SurgeProgress | undefined,
): Promise<Acted<Output>> {
  const target = workloadOf(given);
  const final = { placement: placementWithout(before.placement, given.cluster), replicas: before.replicas };
  const plan = progress?.plan ?? (await surgeFrom(target, final, context));
  if (!plan) throw notWeighted(target);
  const leaving = { ...plan, leaving: given.cluster };
  const state = progress ?? { plan: leaving, leastReady: Number.MAX_SAFE_INTEGER };
  const begin = () => {
    if (!progress) context.beginFault();
  };
  const surged = await surge(target, state, before, context, begin);
  if (!surged.done) return { done: false, progress: surged.progress };
  return { done: true, output: { by: 'surge', leastReady: surged.progress.leastReady } };
}

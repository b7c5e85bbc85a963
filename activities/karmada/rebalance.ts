import { z } from 'zod';
import { askableMembers } from '../../dsl/askable.ts';
import { deviated, refused } from '../failure.ts';
import { type Acted, defineKind, type StepContext } from '../kind.ts';
import { attemptEnds } from '../kubernetes/attempt.ts';
import {
  listing,
  namespace,
  reading,
  withoutFederation,
  workload,
  workloadOf,
} from '../kubernetes/inputs.ts';
import type { Binding, Cluster, Workload } from '../ports/federation.ts';
import { OUR_TAINT } from './movement.ts';
import { sameSpread, spreadBy, spreadText } from './placement.ts';
import { rebalance as ask } from './rebalancer.ts';
import { bindingOf, lookAt, policyOf } from './settling.ts';
import { landingFrom, notWeighted, type SurgeProgress, surge, surgeFrom, type Written } from './surging.ts';
import { concluded, differencesOf, putBack } from './written.ts';

const input = z.strictObject({
  workload,
  namespace,
  by: z.enum(['rebalancer', 'surge', 'placement']).default('rebalancer'),
});
type Input = z.infer<typeof input>;

const output = z.object({
  by: z.enum(['rebalancer', 'surge', 'placement']),
  spread: z.record(z.string(), z.number()),
  leastReady: z.number(),
});
type Output = z.infer<typeof output>;

/** How often to ask again when nothing moves: a rebalancer that came too early is lost for good. */
const AGAIN_MS = 4_000;
const LOOK_MS = 150;

type Progress = { leastReady: number };

export const rebalance = defineKind<Input, Output, Written>({
  name: 'karmada/rebalance',
  version: 1,
  summary: 'Bring replicas back to what the policy asks for',
  doc: 'Karmada leaves replicas where they are when a lost cluster is back. `rebalancer` asks it by a WorkloadRebalancer: fast, and as many replicas as move are missing for as long as a pod takes to start. `surge` makes before it breaks: replicas go up, weights are shifted, and policy and replicas end exactly as they were, without ever falling under the wanted number. Where ordered `clusterAffinities` have moved to a later group, a rebalancer says Successful and nothing comes back: `placement` then leaves the later groups out for a moment, which brings everything back at once and loses what moves for as long as a pod takes to start; `surge` does it without losing any.',
  example: { workload: 'deployment/hello', by: 'surge' },
  input,
  output,
  effect: 'changes',
  undoPhase: 'placement',
  mover: true,
  timeoutMs: 300_000,
  permissions: (given, fleet) => [
    reading('federation', 'work.karmada.io', 'resourcebindings', given.namespace),
    listing('federation', 'cluster.karmada.io', 'clusters'),
    ...(given.by === 'rebalancer'
      ? [
          reading('federation', 'policy.karmada.io', 'propagationpolicies', given.namespace),
          reading('federation', 'apps', 'deployments', given.namespace),
          {
            plane: 'federation',
            group: 'apps.karmada.io',
            resource: 'workloadrebalancers',
            verbs: ['create'],
          },
        ]
      : placementPermissions(given.namespace)),
    ...askableMembers(fleet).map((name) => reading(name, 'apps', 'deployments', given.namespace)),
  ],
  check: (_given, fleet) => withoutFederation(fleet),

  async preflight(given, context) {
    const binding = await context.ports.federation().binding(workloadOf(given), context.signal);
    const ordered = (binding?.placement.clusterAffinities?.length ?? 0) > 0;
    if (binding && !ordered && given.by === 'placement')
      return [{ severity: 'error', code: 'FD3321', ...notOrdered(given) }];
    if (!ordered || given.by !== 'rebalancer') return [];
    return [
      {
        severity: 'error',
        code: 'FD3318',
        where: `${given.namespace}/${given.workload}`,
        what: 'its policy has ordered clusterAffinities: a WorkloadRebalancer says Successful and nothing comes back',
        remedy: 'Bring it back by: surge, or by: placement',
      },
    ];
  },

  async snapshot(given, context) {
    const binding = await bindingOf(workloadOf(given), context);
    const { placement, run } = await policyOf(binding, context);
    const clusters = await context.ports.federation().clusters(context.signal);
    const tainted = clusters.filter((one) => one.taints.some((taint) => taint.key === OUR_TAINT));
    if (run !== undefined || tainted.length > 0) throw stillEvacuated(given, tainted);
    return { placement, replicas: binding.replicas };
  },

  act: (given, before, context, progress) =>
    given.by === 'rebalancer'
      ? byRebalancer(given, context, progress)
      : byEdits(given, before, context, progress),

  /** A rebalancer writes nothing that could be put back. */
  undo: (given, before, context) =>
    given.by === 'rebalancer'
      ? concluded(workloadOf(given), before, context)
      : putBack(workloadOf(given), before, context),
  compare: (given, before, context) => differencesOf(workloadOf(given), before, context),
});

/** What the policy says now is then not what is to come back, or a taint keeps it from coming. */
const stillEvacuated = (given: Input, tainted: Cluster[]) =>
  refused({
    code: 'FD3320',
    where: `${given.namespace}/${given.workload}`,
    what:
      tainted.length > 0
        ? `${tainted.map((one) => one.name).join(', ')} still has the taint of an evacuation`
        : 'its policy is still as an evacuation has edited it',
    remedy: 'Undo the evacuation first: - undo: STEP before this step',
  });

export function placementPermissions(space: string) {
  return [
    {
      plane: 'federation',
      group: 'policy.karmada.io',
      resource: 'propagationpolicies',
      verbs: ['get', 'patch'],
      namespace: space,
    },
    {
      plane: 'federation',
      group: 'apps',
      resource: 'deployments',
      verbs: ['get', 'patch'],
      namespace: space,
    },
  ];
}

const notOrdered = (given: Input) => ({
  where: `${given.namespace}/${given.workload}`,
  what: 'its policy has no ordered clusterAffinities: there is no later group to leave out',
  remedy: 'Bring it back by: surge, or by: rebalancer',
});

/** Through the stages of a surge, or of one edit and back. */
async function byEdits(
  given: Input,
  before: Written,
  context: StepContext,
  progress: unknown,
): Promise<Acted<Output>> {
  const target = workloadOf(given);
  const known = progress as SurgeProgress | undefined;
  if (given.by === 'placement' && !before.placement.clusterAffinities?.length)
    throw refused({ code: 'FD3321', ...notOrdered(given) });
  const planned = given.by === 'surge' ? surgeFrom : landingFrom;
  const plan = known?.plan ?? (await planned(target, before, context));
  if (!plan) throw notWeighted(target);
  const state = known ?? { plan, leastReady: Number.MAX_SAFE_INTEGER };
  const surged = await surge(target, state, before, context);
  if (!surged.done) return { done: false, progress: surged.progress };
  return {
    done: true,
    output: { by: given.by, spread: plan.target, leastReady: surged.progress.leastReady },
  };
}

async function byRebalancer(given: Input, context: StepContext, progress: unknown): Promise<Acted<Output>> {
  const target = workloadOf(given);
  const ended = attemptEnds(context.deadlineMs);
  let leastReady = (progress as Progress | undefined)?.leastReady ?? Number.MAX_SAFE_INTEGER;
  let askedMs = 0;
  while (true) {
    const binding = await bindingOf(target, context);
    const { spread: wanted, written } = await wantedBy(binding, context);
    const moved = sameSpread(binding.spread, wanted);
    if (!moved && Date.now() - askedMs > AGAIN_MS) {
      await ask([binding], context);
      askedMs = Date.now();
    }
    const look = await lookAt(target, { ...written, spread: wanted }, context);
    leastReady = Math.min(leastReady, look.ready);
    context.heartbeat({ leastReady, ready: look.ready });
    if (look.settled) return { done: true, output: { by: 'rebalancer', spread: wanted, leastReady } };
    if (Date.now() >= context.deadlineMs) throw notMoved(target, binding, wanted, look.missing, context);
    if (ended()) return { done: false, progress: { leastReady } };
    await context.sleep(LOOK_MS);
  }
}

async function wantedBy(binding: Binding, context: StepContext) {
  const { placement } = await policyOf(binding, context);
  const clusters = await context.ports.federation().clusters(context.signal);
  const { replicas } = binding;
  const spread = spreadBy(placement, clusters, replicas, binding.resource.uid) ?? binding.spread;
  return { spread, written: { placement, replicas } };
}

function notMoved(
  target: Workload,
  binding: Binding,
  wanted: Record<string, number>,
  missing: string,
  context: StepContext,
) {
  const members = Object.keys(context.fleet.members);
  return deviated({
    code: 'FD3317',
    where: `${target.namespace}/${target.name}`,
    what: `it was to come back to ${spreadText(wanted, members)}, Karmada has ${spreadText(binding.spread, members)}: ${missing}`,
    remedy: 'A taint on the cluster keeps replicas away; nodes that are cordoned leave them Pending',
  });
}

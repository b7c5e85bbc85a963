/** Carries a surge out in short attempts. Where it stands is told by the policy and the replicas themselves. */
import { deviated, refused } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import { attemptEnds } from '../kubernetes/attempt.ts';
import type { Placement, Workload } from '../ports/federation.ts';
import { sameSpread } from './placement.ts';
import { bindingOf, type Look, policyOf, samePlacement, settle, writePlacement } from './settling.ts';
import { planLanding, planSurge, type SurgePlan } from './surge.ts';

/** What policy and workload say. */
export type Written = { placement: Placement; replicas: number };

export type SurgeProgress = { plan: SurgePlan; leastReady: number };

/** Undefined when the policy does not divide by static weights. */
export async function surgeFrom(
  workload: Workload,
  final: Written,
  context: StepContext,
): Promise<SurgePlan | undefined> {
  const binding = await bindingOf(workload, context);
  const { placement } = await policyOf(binding, context);
  const clusters = await context.ports.federation().clusters(context.signal);
  const { spread, replicas, resource } = binding;
  return planSurge({ spread, placement, replicas }, final, clusters, resource.uid);
}

/** The same for an edit of the placement that comes back at once. */
export async function landingFrom(
  workload: Workload,
  final: Written,
  context: StepContext,
): Promise<SurgePlan | undefined> {
  const { spread, replicas, resource } = await bindingOf(workload, context);
  const clusters = await context.ports.federation().clusters(context.signal);
  return planLanding({ spread, replicas }, final, clusters, resource.uid);
}

/**
 * @param original what stood in policy and workload before this run: only that, and our own edits, are written over.
 * @param begin called right before the first edit of all.
 */
export async function surge(
  workload: Workload,
  progress: SurgeProgress,
  original: Written,
  context: StepContext,
  begin: () => void = () => undefined,
): Promise<{ done: boolean; progress: SurgeProgress }> {
  const ended = attemptEnds(context.deadlineMs);
  const { plan } = progress;
  let { leastReady } = progress;
  let missing = '';
  begin();
  for (let at = await locate(workload, plan, original, context); at < plan.stages.length; at++) {
    const stage = plan.stages[at]!;
    await enter(workload, stage, original, context);
    const saw = (look: Look) => {
      leastReady = Math.min(leastReady, look.ready);
      missing = look.missing;
      context.heartbeat({ stage: at + 1, of: plan.stages.length, ready: look.ready });
    };
    const settled = await settle(workload, stage, context, ended, saw, plan.leaving);
    if (settled) continue;
    if (Date.now() >= context.deadlineMs) throw unsettled(workload, at, plan, missing);
    return { done: false, progress: { plan, leastReady } };
  }
  return { done: true, progress: { plan, leastReady } };
}

/** The stage that stands there; the first, when it has not begun. */
async function locate(
  workload: Workload,
  plan: SurgePlan,
  original: Written,
  context: StepContext,
): Promise<number> {
  const binding = await bindingOf(workload, context);
  const { placement } = await policyOf(binding, context);
  const replicas = await context.ports.federation().replicas(workload, context.signal);
  const stands = (one: Written) => one.replicas === replicas && samePlacement(one.placement, placement);
  // A way back ends with what it began with: only the spread tells the two apart.
  if (stands(original) && !sameSpread(binding.spread, plan.target)) return 0;
  return Math.max(0, plan.stages.findLastIndex(stands));
}

async function enter(
  workload: Workload,
  stage: Written,
  original: Written,
  context: StepContext,
): Promise<void> {
  const federation = context.ports.federation();
  if (!(await writePlacement(workload, stage.placement, original.placement, context)))
    throw refused({
      code: 'FD3316',
      where: `${workload.namespace}/${workload.name}`,
      what: 'somebody else has edited its policy meanwhile',
      remedy: 'Look at the policy, then run the drill again',
    });
  context.signal.throwIfAborted();
  const replicas = await federation.replicas(workload, context.signal);
  if (replicas !== stage.replicas) await federation.scale(workload, stage.replicas, context.signal);
}

const unsettled = (workload: Workload, at: number, plan: SurgePlan, missing: string) =>
  deviated({
    code: 'FD3315',
    where: `${workload.namespace}/${workload.name}`,
    what: `stage ${at + 1} of ${plan.stages.length} did not settle in time: ${missing}`,
    remedy: 'Look at its pods on the members; the undo puts policy and replicas back',
  });

export const notWeighted = (workload: Workload) =>
  refused({
    code: 'FD3314',
    where: `${workload.namespace}/${workload.name}`,
    what: 'its policy does not divide by static weights, so it cannot be moved by shifting weights',
    remedy: 'Use static weights, or another way to move it',
  });

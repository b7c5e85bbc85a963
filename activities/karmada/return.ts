/** The way back of an evacuation: the workload by a surge, the other tenants it moved by a WorkloadRebalancer. */
import type { StepContext, Undone } from '../kind.ts';
import { attemptEnds } from '../kubernetes/attempt.ts';
import { type Bound, compareBound, isBinding } from '../kubernetes/bound.ts';
import type { Workload } from '../ports/federation.ts';
import { sameSpread } from './placement.ts';
import { rebalance } from './rebalancer.ts';
import { bindingOf, policyOf, samePlacement } from './settling.ts';
import { type SurgeProgress, surge, surgeFrom, type Written } from './surging.ts';
import { putBack } from './written.ts';

const LOOK_MS = 250;

export async function comeBack(
  workload: Workload,
  before: Written & { bindings: Bound },
  context: StepContext,
  progress: SurgeProgress | undefined,
): Promise<Undone> {
  const surged = await surgeHome(workload, before, context, progress);
  if (surged) return { done: false, progress: surged };
  const written = await putBack(workload, before, context, progress);
  if (!written.done) return written;
  await rebalanceTenants(before.bindings, context);
  const moved = await compareBound(before.bindings, context);
  if (moved.length > 0 && Date.now() < context.deadlineMs - LOOK_MS) {
    await context.sleep(LOOK_MS);
    return { done: false, progress: null };
  }
  const left = [...(written.restored === 'partly' ? written.left : []), ...moved];
  return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
}

/** A taint moved it without an edit: policy and replicas stand, the spread does not. Progress while it lasts. */
async function surgeHome(
  workload: Workload,
  before: Written & { bindings: Bound },
  context: StepContext,
  progress: SurgeProgress | undefined,
): Promise<SurgeProgress | undefined> {
  const binding = await bindingOf(workload, context);
  const policy = await policyOf(binding, context);
  const home = before.bindings.find((one) => isBinding(one, binding));
  const untouched = samePlacement(policy.placement, before.placement) && binding.replicas === before.replicas;
  const mine = untouched || policy.run === context.run;
  if (!home || !mine || (untouched && sameSpread(binding.spread, home.spread))) return undefined;
  const plan = progress?.plan ?? (await surgeFrom(workload, before, context));
  if (!plan || Date.now() >= context.deadlineMs - 5_000) return undefined;
  const state = progress ?? { plan, leastReady: Number.MAX_SAFE_INTEGER };
  const surged = await surge(workload, state, before, context);
  return surged.done ? undefined : surged.progress;
}

async function rebalanceTenants(before: Bound, context: StepContext): Promise<void> {
  const ended = attemptEnds(context.deadlineMs);
  const bindings = await context.ports.federation().bindings(context.signal);
  const moved = bindings.filter((binding) => {
    const was = before.find((one) => isBinding(one, binding));
    return was !== undefined && !sameSpread(was.spread, binding.spread);
  });
  if (moved.length === 0 || ended()) return;
  await rebalance(moved, context);
  await context.sleep(4 * LOOK_MS);
}

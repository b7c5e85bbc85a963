/** Policy and replicas as they were, and how they come back without losing a pod. */
import type { Difference, StepContext, Undone } from '../kind.ts';
import type { Workload } from '../ports/federation.ts';
import { bindingOf, policyOf, samePlacement, writePlacement } from './settling.ts';
import { type SurgeProgress, surge, surgeFrom, type Written } from './surging.ts';

/** Time that is kept for writing the original plainly when a surge does not settle. */
const PLAINLY_MS = 5_000;

/** What differs from before; the spread is not ours to compare here. */
export async function differencesOf(
  workload: Workload,
  before: Written,
  context: StepContext,
): Promise<Difference[]> {
  const federation = context.ports.federation();
  const binding = await federation.binding(workload, context.signal);
  const policy = binding?.policy && (await federation.policy(binding.policy, context.signal));
  const replicas = await federation.replicas(workload, context.signal);
  const where = `federation ${workload.namespace}/${workload.name}`;
  const edit = `kubectl --context federation -n ${workload.namespace}`;
  return [
    ...(policy && !samePlacement(policy.placement, before.placement)
      ? [
          {
            what: `${where} placement of ${policy.ref.kind} ${policy.ref.name}`,
            before: JSON.parse(JSON.stringify(before.placement)),
            now: JSON.parse(JSON.stringify(policy.placement)),
            reason: policy.run === context.run ? 'it is still our edit' : 'somebody else has edited it',
            remedy: `${edit} edit ${policy.ref.kind.toLowerCase()} ${policy.ref.name}`,
          },
        ]
      : []),
    ...(replicas === before.replicas
      ? []
      : [
          {
            what: `${where} spec.replicas`,
            before: before.replicas,
            now: replicas ?? null,
            reason: 'it differs',
            remedy: `${edit} scale deployment ${workload.name} --replicas=${before.replicas}`,
          },
        ]),
  ];
}

/** Puts policy and replicas back by a surge where one is possible, else plainly; only over our own edits. */
export async function putBack(
  workload: Workload,
  before: Written,
  context: StepContext,
  progress?: SurgeProgress,
): Promise<Undone> {
  if (!(await stillOurs(workload, before, context))) return concluded(workload, before, context);
  const plan = progress?.plan ?? (await surgeFrom(workload, before, context));
  if (plan && Date.now() < context.deadlineMs - PLAINLY_MS) {
    const state = progress ?? { plan, leastReady: Number.MAX_SAFE_INTEGER };
    const within = { ...context, deadlineMs: context.deadlineMs - PLAINLY_MS };
    const surged = await surge(workload, state, before, within).catch((error) => {
      if (Date.now() < within.deadlineMs) throw error;
      return undefined;
    });
    if (surged?.done === false) return { done: false, progress: surged.progress };
  }
  if (await writePlacement(workload, before.placement, before.placement, context))
    await context.ports.federation().scale(workload, before.replicas, context.signal);
  return concluded(workload, before, context);
}

/** Is there anything of ours to put back? Replicas are ours when the policy is, or stands as it did before. */
async function stillOurs(workload: Workload, before: Written, context: StepContext): Promise<boolean> {
  const binding = await bindingOf(workload, context);
  const policy = await policyOf(binding, context);
  const replicas = await context.ports.federation().replicas(workload, context.signal);
  const same = samePlacement(policy.placement, before.placement);
  return policy.run === context.run || (same && replicas !== before.replicas);
}

/** Changes nothing, and tells what differs. */
export async function concluded(workload: Workload, before: Written, context: StepContext): Promise<Undone> {
  const left = await differencesOf(workload, before, context);
  return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
}

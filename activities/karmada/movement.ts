/** How replicas came to move, and by whom, from the changes a wait saw. */
import { z } from 'zod';
import type { StepContext } from '../kind.ts';
import type { Binding, Cluster, Taint } from '../ports/federation.ts';
import { sameSpread } from './placement.ts';

export const movement = z.object({
  how: z.enum([
    'application-failover',
    'taint',
    'placement-edit',
    'rebalance',
    'scale',
    'unmoved',
    'unknown',
  ]),
  by: z.enum(['karmada', 'drill', 'person', 'nobody', 'unknown']),
  evidence: z.string(),
});
export type Movement = z.infer<typeof movement>;

/** Key of the taint that `karmada/evacuate` puts on a Cluster. */
export const OUR_TAINT = 'firedrill.dev/evacuate';
export const OUR_REBALANCER = 'firedrill-';
const OUR_MANAGER = 'firedrill';

interface MovementCause {
  how: Movement['how'];
  evidence: string;
  binding: Binding;
  /** Clusters that lost replicas. */
  from: string[];
}

export interface MovementWatch {
  saw(binding: Binding): void;
  /** @param left the cluster that was lost, when one was: replicas may have left it before this watch began. */
  conclude(clusters: Cluster[], left: string | undefined, context: StepContext): Promise<Movement>;
}

/** Clocks of API server and worker may differ so much, on top of the second to which a write is dated. */
const CLOCKS_MS = 2_000;

export function watchMovement(): MovementWatch {
  let first: Binding | undefined;
  let last: Binding | undefined;
  let cause: MovementCause | undefined;
  return {
    saw(binding) {
      if (last && !cause && !sameSpread(last.spread, binding.spread)) {
        const from = Object.keys(last.spread).filter(
          (name) => (binding.spread[name] ?? 0) < last!.spread[name]!,
        );
        cause = { ...causeOf(last, binding), binding, from };
      }
      first ??= binding;
      last = binding;
    },
    async conclude(clusters, left, context) {
      cause ??= leftBefore(first, left, context);
      if (!cause) return { how: 'unmoved', by: 'nobody', evidence: 'the binding kept its clusters' };
      const { how, evidence, binding, from } = cause;
      if (how === 'unknown') {
        const edit = await editSince(binding, context);
        if (edit) return edit;
      }
      return { how, by: await moverOf(how, binding, taintsOn(clusters, from), context), evidence };
    },
  };
}

/** What had moved after the fault and before anybody looked. */
function leftBefore(
  first: Binding | undefined,
  left: string | undefined,
  { faultAtMs }: StepContext,
): MovementCause | undefined {
  if (!first || left === undefined || faultAtMs === undefined || (first.spread[left] ?? 0) > 0)
    return undefined;
  const before = { ...first, evictions: [] };
  if (Date.parse(first.rescheduleTriggeredAt ?? '') >= faultAtMs - CLOCKS_MS)
    delete before.rescheduleTriggeredAt;
  const found = causeOf(before, first);
  const evidence =
    found.how === 'unknown' ? `they had left ${left} before this step began to watch` : found.evidence;
  return { how: found.how, evidence, binding: first, from: [left] };
}

/** Somebody's edit of the policy since the fault explains a move that nothing else in the binding does. */
async function editSince({ policy: ref }: Binding, context: StepContext): Promise<Movement | undefined> {
  const { faultAtMs, ports, signal } = context;
  const policy = ref && (await ports.federation().policy(ref, signal));
  if (!policy?.writer || faultAtMs === undefined || (policy.writtenAtMs ?? 0) < faultAtMs - CLOCKS_MS)
    return undefined;
  return {
    how: 'placement-edit',
    by: policy.writer === OUR_MANAGER ? 'drill' : 'person',
    evidence: `the policy was edited after the fault, by ${policy.writer}`,
  };
}

function causeOf(before: Binding, after: Binding): { how: Movement['how']; evidence: string } {
  const task = after.evictions.find((one) => !before.evictions.some((known) => known.from === one.from));
  if (task?.reason === 'ApplicationFailure')
    return {
      how: 'application-failover',
      evidence: `eviction of ${task.from} for ${task.reason} by ${task.producer}`,
    };
  if (task)
    return { how: 'taint', evidence: `eviction of ${task.from} for ${task.reason} by ${task.producer}` };
  if (after.rescheduleTriggeredAt !== before.rescheduleTriggeredAt)
    return { how: 'rebalance', evidence: `rescheduling asked for at ${after.rescheduleTriggeredAt}` };
  if (JSON.stringify(after.placement) !== JSON.stringify(before.placement))
    return { how: 'placement-edit', evidence: 'the placement changed before the clusters did' };
  if (after.replicas !== before.replicas)
    return {
      how: 'scale',
      evidence: `replicas went from ${before.replicas} to ${after.replicas}, by a person or an autoscaler`,
    };
  return { how: 'unknown', evidence: 'the clusters changed and nothing else of the binding did' };
}

const taintsOn = (clusters: Cluster[], names: string[]): Taint[] =>
  clusters
    .filter((cluster) => names.includes(cluster.name))
    .flatMap((cluster) => cluster.taints.filter((taint) => taint.effect === 'NoExecute'));

async function moverOf(
  how: Movement['how'],
  binding: Binding,
  taints: Taint[],
  context: StepContext,
): Promise<Movement['by']> {
  const federation = context.ports.federation();
  switch (how) {
    case 'application-failover':
      return 'karmada';
    case 'taint':
      if (taints.some((taint) => taint.key === OUR_TAINT)) return 'drill';
      return taints.every((taint) => taint.key.startsWith('cluster.karmada.io/')) ? 'karmada' : 'person';
    case 'placement-edit': {
      const policy = binding.policy && (await federation.policy(binding.policy, context.signal));
      if (!policy?.writer) return 'unknown';
      return policy.writer === OUR_MANAGER ? 'drill' : 'person';
    }
    case 'rebalance': {
      const asked = await federation.list('apps.karmada.io/v1alpha1', 'WorkloadRebalancer', context.signal);
      return asked.some((one) => one.metadata.name.startsWith(OUR_REBALANCER)) ? 'drill' : 'person';
    }
    // Neither Karmada nor a drill changes how many are wanted.
    case 'scale':
      return 'person';
    default:
      return 'unknown';
  }
}

/** Makes the pods of drained nodes go, in short attempts. */
import { inParallel } from '../in-parallel.ts';
import type { StepContext } from '../kind.ts';
import type { MemberCluster, Pod } from '../ports/member.ts';
import { attemptEnds } from './attempt.ts';

export interface Evictions {
  evicted: number;
  /** Why pods are still there, in the API server's words. */
  blocked: string[];
  remaining: number;
}

const AT_ONCE = 16;
/** Between two rounds: a blocked eviction is asked again, a terminating pod looked at again. */
const BETWEEN_MS = 300;

/** As kubectl drain: what a DaemonSet would start again at once, and what the kubelet keeps by itself, stays. */
export const isDrained = (pod: Pod): boolean => !pod.mirror && pod.owner?.kind !== 'DaemonSet';

export const podsOn = (pods: Pod[], nodes: ReadonlySet<string>): Pod[] =>
  pods.filter((pod) => pod.node !== undefined && nodes.has(pod.node));

export async function evictAll(
  member: MemberCluster,
  nodes: ReadonlySet<string>,
  options: { mode: 'evict' | 'delete'; gracePeriodSeconds?: number },
  before: number,
  context: StepContext,
): Promise<Evictions> {
  const ended = attemptEnds(context.deadlineMs);
  const gone = new Set<string>();
  while (true) {
    const left = podsOn(await member.pods({}, context.signal), nodes).filter(isDrained);
    const asked = left.filter((pod) => !pod.terminating);
    const blocked = await evictRound(member, asked, options, gone, context);
    const state = { evicted: before + gone.size, blocked, remaining: left.length };
    context.heartbeat({ evicted: state.evicted, remaining: state.remaining });
    if (left.length === 0 || ended()) return state;
    await context.sleep(BETWEEN_MS);
  }
}

async function evictRound(
  member: MemberCluster,
  pods: Pod[],
  options: { mode: 'evict' | 'delete'; gracePeriodSeconds?: number },
  gone: Set<string>,
  context: StepContext,
): Promise<string[]> {
  const blocked = new Set<string>();
  await inParallel(pods, AT_ONCE, async (pod) => {
    context.signal.throwIfAborted();
    const evicted = await member.evict(pod, options, context.signal);
    if (evicted.outcome === 'blocked') blocked.add(evicted.why);
    else if (evicted.outcome === 'evicted') gone.add(pod.uid);
  });
  return [...blocked];
}

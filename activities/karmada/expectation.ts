/** The spread a step expects: given in numbers, or by the policy's weights. */
import { z } from 'zod';
import { refused } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { Binding, Cluster, Spread } from '../ports/federation.ts';
import { dropZeros, spreadBy } from './placement.ts';

export const expectation = z.union([
  z.enum(['steady', 'without-victim']),
  z.record(z.string(), z.number().int().min(0)),
]);
export type Expectation = z.infer<typeof expectation>;

/** @param left the cluster that `without-victim` leaves out. */
export function expectedSpread(
  expect: Expectation,
  binding: Binding,
  clusters: Cluster[],
  left: string | undefined,
): Spread {
  if (typeof expect === 'object') return dropZeros(expect);
  const counted = expect === 'steady' ? clusters : clusters.filter((cluster) => cluster.name !== left);
  const spread = spreadBy(binding.placement, counted, binding.replicas, binding.resource.uid);
  if (spread) return spread;
  throw refused({
    code: 'FD3305',
    where: `${binding.namespace}/${binding.name}`,
    what: 'its policy does not divide by static weights, so the spread cannot be foretold',
    remedy: 'Write the expected numbers: expect: { aks2: 7, k3s: 2 }',
  });
}

/** The cluster that `without-victim` means. */
export function victimOf(given: { cluster?: string | undefined }, context: StepContext): string {
  const victim = given.cluster ?? context.victim;
  if (victim !== undefined) return victim;
  throw refused({
    code: 'FD3319',
    where: context.step,
    what: 'this runbook has no fault, so there is no victim to leave out',
    remedy: 'Name the cluster: with: { expect: without-victim, cluster: aks1 }',
  });
}

/** Why nothing moved, as far as the objects tell. */
export function whyUnmoved(binding: Binding, clusters: Cluster[], victim: string | undefined): string {
  const cluster = clusters.find((one) => one.name === victim);
  const taints = cluster?.taints.filter((taint) => taint.effect === 'NoExecute') ?? [];
  const reasons = [
    binding.tolerationSeconds === undefined
      ? 'its policy has no application failover'
      : `its policy has application failover after ${binding.tolerationSeconds} s, which Karmada does only with the feature gate Failover`,
    taints.length === 0
      ? `${victim ?? 'no cluster'} has no NoExecute taint`
      : `${victim} has the NoExecute taint ${taints[0]!.key}, which Karmada obeys only with --enable-no-execute-taint-eviction`,
    'draining nodes alone never moves replicas of static weights',
  ];
  return `nothing moved: ${reasons.join('; ')}`;
}

/** The spread of every binding that has replicas on a cluster: what a disruption there may move, for all tenants. */
import type { Difference, StepContext } from '../kind.ts';
import type { Spread } from '../ports/federation.ts';

export type Bound = { namespace: string; binding: string; workload: string; spread: Spread }[];

/** A Service and a Deployment of one name have a binding each. */
export const isBinding = (before: Bound[number], now: { namespace: string; name: string }): boolean =>
  before.namespace === now.namespace && before.binding === now.name;

export async function boundTo(cluster: string, context: StepContext): Promise<Bound> {
  const bound = await allBound(context);
  return bound.filter(({ spread }) => (spread[cluster] ?? 0) > 0);
}

/** Of every cluster: what may move when the federation itself is disrupted. */
export async function allBound(context: StepContext): Promise<Bound> {
  if (!context.fleet.federation) return [];
  const bindings = await context.ports.federation().bindings(context.signal);
  return bindings
    .filter((one) => one.replicas > 0)
    .map((one) => ({
      namespace: one.namespace,
      binding: one.name,
      workload: one.resource.name,
      spread: one.spread,
    }));
}

export async function compareBound(before: Bound, context: StepContext): Promise<Difference[]> {
  if (before.length === 0) return [];
  const bindings = await context.ports.federation().bindings(context.signal);
  return before.flatMap((was) => {
    const { namespace, workload, spread } = was;
    const now = bindings.find((one) => isBinding(was, one));
    if (now && sameNumbers(now.spread, spread)) return [];
    return [
      {
        what: `federation ResourceBinding of ${namespace}/${workload} spec.clusters`,
        before: spread,
        now: now?.spread ?? null,
        reason: now ? 'its replicas are not where they were' : 'it is gone',
        remedy: 'A step `karmada/rebalance` for it, or a WorkloadRebalancer that names it',
      },
    ];
  });
}

function sameNumbers(one: Spread, other: Spread): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? 0) === (other[name] ?? 0));
}

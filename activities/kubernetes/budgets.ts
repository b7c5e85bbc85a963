/** Disruption budgets against a drain: which eviction can never succeed, with the arithmetic. */
import type { DisruptionBudget, Pod } from '../ports/member.ts';

export interface Blocked {
  budget: string;
  arithmetic: string;
}

/**
 * Budgets that no patience will satisfy. When every node is drained at once, evicted pods find no other node and
 * healthy ones only become fewer; with nodes left, only a budget that lets no pod go at all is never met.
 * @param leaving the pods that are to be evicted.
 * @param nodesLeft whether evicted pods can start again on another node.
 */
export function impossibleBudgets(
  budgets: DisruptionBudget[],
  leaving: Pod[],
  staying: Pod[],
  nodesLeft: boolean,
): Blocked[] {
  return budgets.flatMap((budget) => {
    const covered = (pod: Pod) => pod.namespace === budget.namespace && selects(budget.selector, pod.labels);
    const gone = leaving.filter(covered).length;
    const kept = staying.filter((pod) => covered(pod) && pod.ready).length;
    const missing = budget.desiredHealthy - kept;
    if (gone === 0 || missing <= 0 || (nodesLeft && budget.desiredHealthy < budget.expected)) return [];
    return [
      {
        budget: `${budget.namespace}/${budget.name}`,
        arithmetic: `${ruleOf(budget)} of ${budget.expected} pods = ${budget.desiredHealthy} must stay healthy; of ${gone + kept} healthy ones ${gone} are to be evicted at once and ${kept} stay, so ${missing} can never go`,
      },
    ];
  });
}

export function budgetText(budget: DisruptionBudget): string {
  return `${budget.namespace}/${budget.name}: ${ruleOf(budget)}, ${budget.healthy} healthy, ${budget.desiredHealthy} needed, ${budget.allowed} may go`;
}

const ruleOf = (budget: DisruptionBudget): string =>
  budget.maxUnavailable === undefined
    ? `minAvailable ${budget.minAvailable ?? 0}`
    : `maxUnavailable ${budget.maxUnavailable}`;

export function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

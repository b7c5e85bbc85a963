/** What a drain will hit, and the budgets that would make it never end. */
import type { Finding, StepContext } from '../kind.ts';
import type { Pod } from '../ports/member.ts';
import { impossibleBudgets } from './budgets.ts';
import { drainable } from './drained.ts';
import { isDrained, podsOn } from './evictions.ts';

export async function budgetFindings(
  given: { cluster: string; nodes?: string[] | undefined; mode: 'evict' | 'delete' },
  context: StepContext,
): Promise<Finding[]> {
  const member = context.ports.member(given.cluster);
  const [nodes, all, pods, budgets] = await Promise.all([
    drainable(given, context),
    member.nodes(context.signal),
    member.pods({}, context.signal),
    member.disruptionBudgets(context.signal),
  ]);
  const names = new Set(nodes.map((node) => node.name));
  const leaving = podsOn(pods, names).filter(isDrained);
  const staying = pods.filter((pod) => pod.node !== undefined && !names.has(pod.node));
  const nodesLeft = all.some((node) => !names.has(node.name) && node.schedulable);
  const blocked = given.mode === 'delete' ? [] : impossibleBudgets(budgets, leaving, staying, nodesLeft);
  return [
    blastFinding(given.cluster, names.size, leaving),
    ...blocked.map(
      ({ budget, arithmetic }): Finding => ({
        severity: 'error',
        code: 'FD3202',
        where: given.cluster,
        what: `the disruption budget ${budget} can never be met: ${arithmetic}`,
        remedy: 'Relax the budget, drain fewer nodes, or use mode: delete',
      }),
    ),
  ];
}

function blastFinding(cluster: string, nodes: number, leaving: Pod[]): Finding {
  const namespaces = [...new Set(leaving.map((pod) => pod.namespace))].sort();
  return {
    severity: 'ok',
    code: 'FD3201',
    where: cluster,
    what: `${leaving.length} pods of ${namespaces.length} namespaces on ${nodes} nodes will go: ${namespaces.join(', ')}`,
    remedy: '',
  };
}

/** Which nodes a drain takes, and how exactly those come back. */
import { refused } from '../failure.ts';
import type { Difference, StepContext } from '../kind.ts';
import type { Node } from '../ports/member.ts';
import type { Bound } from './bound.ts';

export type DrainSnapshot = {
  nodes: { name: string; schedulable: boolean }[];
  pods: { pod: string; node: string; owner: string; budgets: string[] }[];
  bindings: Bound;
};

export async function drainable(
  given: { cluster: string; nodes?: string[] | undefined },
  context: StepContext,
): Promise<Node[]> {
  const nodes = await context.ports.member(given.cluster).nodes(context.signal);
  const missing = given.nodes?.filter((name) => !nodes.some((node) => node.name === name)) ?? [];
  if (missing.length > 0)
    throw refused({
      code: 'FD3205',
      where: given.cluster,
      what: `it has no node ${missing.join(', ')}; it has ${nodes.map((node) => node.name).join(', ') || 'none'}`,
      remedy: 'Correct `nodes`, or leave it out for all of them',
    });
  return given.nodes ? nodes.filter((node) => given.nodes!.includes(node.name)) : nodes;
}

/** Nodes that a person cordoned, or changed since, are left and told of. */
export async function uncordonOurs(
  cluster: string,
  snapshot: Pick<DrainSnapshot, 'nodes'>,
  context: StepContext,
): Promise<Difference[]> {
  const member = context.ports.member(cluster);
  const ours = snapshot.nodes.filter((node) => node.schedulable).map((node) => node.name);
  await Promise.all(ours.map((name) => member.uncordon(name, context.run, context.signal)));
  return compareNodes(cluster, snapshot, context);
}

export async function compareNodes(
  cluster: string,
  snapshot: Pick<DrainSnapshot, 'nodes'>,
  context: StepContext,
): Promise<Difference[]> {
  const nodes = await context.ports.member(cluster).nodes(context.signal);
  return snapshot.nodes.flatMap((before): Difference[] => {
    const now = nodes.find((node) => node.name === before.name);
    const what = `${cluster} node ${before.name}`;
    if (!now)
      return [
        {
          what,
          before: 'there',
          now: 'gone',
          reason: 'somebody has removed it',
          remedy: `Bring the node back to ${cluster}`,
        },
      ];
    if (now.schedulable === before.schedulable) return [];
    return [
      {
        what: `${what} spec.unschedulable`,
        before: !before.schedulable,
        now: !now.schedulable,
        reason: now.marker ? `run ${now.marker.run} has it cordoned` : 'a person has changed it since',
        remedy: `kubectl --context ${cluster} ${before.schedulable ? 'uncordon' : 'cordon'} ${before.name}`,
      },
    ];
  });
}

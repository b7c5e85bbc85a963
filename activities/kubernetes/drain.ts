import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import { broken, refused } from '../failure.ts';
import { survivorFindings, survivorPermissions } from '../karmada/survivors.ts';
import { type Acted, defineKind, type StepContext } from '../kind.ts';
import type { Node, Pod } from '../ports/member.ts';
import { boundTo, compareBound } from './bound.ts';
import { budgetText, selects } from './budgets.ts';
import { budgetFindings } from './drain-preflight.ts';
import { compareNodes, type DrainSnapshot, drainable, uncordonOurs } from './drained.ts';
import { evictAll, isDrained, podsOn } from './evictions.ts';
import { cluster, unknownMembers } from './inputs.ts';

const input = z.strictObject({
  cluster,
  nodes: z.array(z.string().min(1)).min(1).optional().meta({ description: 'Default: every node' }),
  mode: z.enum(['evict', 'delete']).default('evict').meta({ description: '`delete` does not ask budgets' }),
  federation: z.enum(['asked', 'down']).default('asked').meta({
    description:
      '`down`: the drill has taken it away before. What Karmada has on the cluster is then neither read nor compared by this step',
  }),
  gracePeriod: duration.optional().meta({ description: "Instead of each pod's own" }),
});
export type DrainInput = z.infer<typeof input>;

const output = z.object({
  nodes: z.array(z.object({ name: z.string(), outcome: z.string() })),
  evicted: z.number(),
  /** DaemonSet and mirror pods. */
  skipped: z.number(),
});
type Output = z.infer<typeof output>;
type Progress = { nodes: Output['nodes']; evicted: number };

export const drain = defineKind<DrainInput, Output, DrainSnapshot>({
  name: 'kubernetes/drain',
  version: 1,
  summary: "Cordon a member's nodes and evict their pods",
  doc: 'As `kubectl drain --ignore-daemonsets --delete-emptydir-data` on all nodes at once: every node is cordoned first, so that no evicted pod finds another of them, then all pods are evicted in parallel. Disruption budgets are respected and waited for; one that can never be met is found before anything is touched. Pods of **every** tenant go. Undo uncordons the nodes this run cordoned and no other.',
  example: { cluster: 'aks1' },
  input,
  output,
  effect: 'disrupts',
  undoPhase: 'capacity',
  timeoutMs: 300_000,
  permissions: (given, fleet) => [
    { plane: given.cluster, group: '', resource: 'nodes', verbs: ['get', 'list', 'patch'] },
    { plane: given.cluster, group: '', resource: 'pods', verbs: ['list'] },
    given.mode === 'evict'
      ? { plane: given.cluster, group: '', resource: 'pods/eviction', verbs: ['create'] }
      : { plane: given.cluster, group: '', resource: 'pods', verbs: ['delete'] },
    { plane: given.cluster, group: 'policy', resource: 'poddisruptionbudgets', verbs: ['list'] },
    ...survivorPermissions(given.cluster, fleet),
  ],
  blast: (given) => ({
    clusters: [given.cluster],
    namespaces: 'all',
    note: `every pod on ${given.nodes ? given.nodes.join(', ') : 'every node'} of ${given.cluster}, of all tenants`,
  }),
  check: (given, fleet) => unknownMembers({ cluster: given.cluster }, fleet),

  async preflight(given, context) {
    const [own, survivors] = await Promise.all([
      budgetFindings(given, context),
      unlessDown(given, survivorFindings(given.cluster, context), []),
    ]);
    return [...own, ...survivors];
  },

  async snapshot(given, context) {
    const member = context.ports.member(given.cluster);
    const [nodes, pods, budgets, bindings] = await Promise.all([
      drainable(given, context),
      member.pods({}, context.signal),
      member.disruptionBudgets(context.signal),
      unlessDown(given, boundTo(given.cluster, context), []),
    ]);
    const names = new Set(nodes.map((node) => node.name));
    return {
      nodes: nodes.map(({ name, schedulable }) => ({ name, schedulable })),
      pods: podsOn(pods, names).map((pod) => ({
        pod: `${pod.namespace}/${pod.name}`,
        node: pod.node!,
        owner: pod.owner ? `${pod.owner.kind}/${pod.owner.name}` : '',
        budgets: budgets
          .filter((budget) => budget.namespace === pod.namespace && selects(budget.selector, pod.labels))
          .map((budget) => budget.name),
      })),
      bindings,
    };
  },

  async act(given, snapshot, context, progress) {
    const member = context.ports.member(given.cluster);
    const before = progress as Progress | undefined;
    const names = snapshot.nodes.map((node) => node.name);
    if (names.length === 0) throw nothingToDrain(given);
    if (!before) context.beginFault();
    const marker = { run: context.run, step: context.step };
    const cordoned =
      before?.nodes ??
      (await Promise.all(
        names.map(async (name) => ({ name, outcome: await member.cordon(name, marker, context.signal) })),
      ));
    const grace =
      given.gracePeriod === undefined ? {} : { gracePeriodSeconds: milliseconds(given.gracePeriod) / 1000 };
    const evictions = await evictAll(
      member,
      new Set(names),
      { mode: given.mode, ...grace },
      before?.evicted ?? 0,
      context,
    );
    if (evictions.remaining > 0 && Date.now() >= context.deadlineMs)
      throw await stuck(given, evictions.remaining, evictions.blocked, context);
    return evictions.remaining > 0
      ? { done: false, progress: { nodes: cordoned, evicted: evictions.evicted } }
      : await drained(given, new Set(names), cordoned, evictions.evicted, context);
  },

  async undo(given, snapshot, context) {
    const left = await uncordonOurs(given.cluster, snapshot, context);
    return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
  },

  async compare(given, snapshot, context) {
    const [nodes, bindings] = await Promise.all([
      compareNodes(given.cluster, snapshot, context),
      compareBound(snapshot.bindings, context),
    ]);
    return [...nodes, ...bindings];
  },

  async probe(given, snapshot, context) {
    const member = context.ports.member(given.cluster);
    const [nodes, pods] = await Promise.all([member.nodes(context.signal), member.pods({}, context.signal)]);
    return bite(given, snapshot, nodes, pods);
  },
});

/** With the federation down on purpose its silence is expected; without that it is a reason not to act. */
async function unlessDown<T>({ federation }: DrainInput, asked: Promise<T>, otherwise: T): Promise<T> {
  if (federation === 'asked') return asked;
  return asked.catch((error: unknown) => {
    if ((error as { type?: string }).type === 'transient') return otherwise;
    throw error;
  });
}

/** A node that came since counts as well when all were drained: autoscalers bring one for pods that are Pending. */
function bite({ cluster, nodes: named }: DrainInput, snapshot: DrainSnapshot, nodes: Node[], pods: Pod[]) {
  const known = new Set(snapshot.nodes.map((node) => node.name));
  const lost = named === undefined ? nodes : nodes.filter((node) => known.has(node.name));
  const open = lost
    .filter((node) => node.schedulable)
    .map(({ name }) => (known.has(name) ? name : `${name} (which has come since)`));
  const ready = podsOn(pods, new Set(lost.map((node) => node.name))).filter(
    (pod) => isDrained(pod) && pod.ready,
  );
  const evidence =
    open.length > 0
      ? `${open.join(', ')} of ${cluster} can be scheduled on`
      : `${ready.length} pods are ready on the ${lost.length} drained nodes of ${cluster}`;
  return { bitten: open.length === 0 && ready.length === 0, evidence };
}

async function drained(
  given: DrainInput,
  names: ReadonlySet<string>,
  nodes: Output['nodes'],
  evicted: number,
  context: StepContext,
): Promise<Acted<Output>> {
  const staying = podsOn(await context.ports.member(given.cluster).pods({}, context.signal), names);
  return { done: true, output: { nodes, evicted, skipped: staying.filter((pod) => !isDrained(pod)).length } };
}

const nothingToDrain = (given: DrainInput) =>
  refused({
    code: 'FD3203',
    where: given.cluster,
    what: 'it has no node to drain',
    remedy: 'Bring its nodes back first, or name another cluster',
  });

/** The drill could not inject its fault: nobody's verdict but the drill's own. */
async function stuck(given: DrainInput, remaining: number, blocked: string[], context: StepContext) {
  const budgets = await context.ports.member(given.cluster).disruptionBudgets(context.signal);
  const full = budgets.filter((budget) => budget.allowed === 0).map(budgetText);
  return broken({
    code: 'FD3204',
    where: given.cluster,
    what: `${remaining} pods could not be evicted in time: ${blocked.join('; ') || 'they are still terminating'}${full.length > 0 ? ` (${full.join('; ')})` : ''}`,
    remedy: 'Give the step more time, relax the budget, or use mode: delete',
  });
}

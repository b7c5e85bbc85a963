import { z } from 'zod';
import { refused } from '../failure.ts';
import { survivorFindings, survivorPermissions } from '../karmada/survivors.ts';
import { type Difference, defineKind, type StepContext } from '../kind.ts';
import type { KubeObject } from '../ports/plane.ts';
import { type Bound, boundTo, compareBound } from './bound.ts';
import { isDrained, podsOn } from './evictions.ts';
import { cluster, unknownMembers } from './inputs.ts';

const input = z.strictObject({ cluster, to: z.literal(0) });
type Input = z.infer<typeof input>;

const output = z.object({ removed: z.array(z.string()) });

/** An entry point without nodes behind it may never answer. */
const ENTRY_MS = 2_000;

type Snapshot = { nodes: KubeObject[]; bindings: Bound };

export const scaleNodes = defineKind<Input, z.infer<typeof output>, Snapshot>({
  name: 'kubernetes/scale-nodes',
  version: 1,
  summary: 'Take all nodes of a member away',
  doc: 'Deletes the Node objects, as a node pool scaled to zero does; only where the fleet file says `scaleNodes: node-objects`. Their pods serve nobody from then on, and still count as ready in the API for about a minute, until the pod garbage collector finds their nodes gone: only then does Karmada hear of it. It bites when no node is left and its entry point answers no request. Undo creates the nodes this run deleted again, as they were.',
  example: { cluster: 'aks1', to: 0 },
  input,
  output,
  effect: 'disrupts',
  undoPhase: 'capacity',
  timeoutMs: 120_000,
  permissions: (given, fleet) => [
    { plane: given.cluster, group: '', resource: 'nodes', verbs: ['list', 'create', 'delete'] },
    { plane: given.cluster, group: '', resource: 'pods', verbs: ['list'] },
    ...survivorPermissions(given.cluster, fleet),
  ],
  blast: (given) => ({
    clusters: [given.cluster],
    namespaces: 'all',
    note: `every node of ${given.cluster} and the pods of all tenants on them`,
  }),
  check: (given, fleet) => [
    ...unknownMembers({ cluster: given.cluster }, fleet),
    ...(fleet.members[given.cluster]?.scaleNodes === 'none'
      ? [
          {
            path: ['cluster'],
            found: `${given.cluster}, whose nodes the fleet file does not let us take away`,
            expected: 'a member with `scaleNodes: node-objects`',
            remedy:
              'Set it in the fleet file where deleting Node objects is harmless, or use kubernetes/drain',
          },
        ]
      : []),
  ],
  preflight: (given, context) => survivorFindings(given.cluster, context),

  async snapshot(given, context) {
    const [nodes, bindings] = await Promise.all([
      context.ports.member(given.cluster).nodes(context.signal),
      boundTo(given.cluster, context),
    ]);
    return { nodes: nodes.map((node) => asNew(node.object)), bindings };
  },

  async act(given, snapshot, context) {
    if (snapshot.nodes.length === 0)
      throw refused({
        code: 'FD3203',
        where: given.cluster,
        what: 'it has no node to take away',
        remedy: 'Bring its nodes back first',
      });
    const member = context.ports.member(given.cluster);
    context.beginFault();
    await Promise.all(snapshot.nodes.map((node) => member.remove(nodeRef(node), context.signal)));
    return { done: true, output: { removed: snapshot.nodes.map((node) => node.metadata.name) } };
  },

  async undo(given, snapshot, context) {
    const member = context.ports.member(given.cluster);
    await Promise.all(snapshot.nodes.map((node) => member.create(node, context.signal)));
    const left = await missingNodes(given, snapshot, context);
    return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
  },

  async compare(given, snapshot, context) {
    return [
      ...(await missingNodes(given, snapshot, context)),
      ...(await compareBound(snapshot.bindings, context)),
    ];
  },

  async probe(given, snapshot, context) {
    const { ports, signal } = context;
    const member = ports.member(given.cluster);
    const [nodes, pods, answer] = await Promise.all([
      member.nodes(signal),
      member.pods({}, signal),
      ports.requester.request(member.entry(), { timeoutMs: ENTRY_MS, signal }),
    ]);
    const names = new Set(snapshot.nodes.map((node) => node.metadata.name));
    const ready = podsOn(pods, names).filter((pod) => isDrained(pod) && pod.ready);
    const served = answer.status === undefined ? answer.class : `HTTP ${answer.status}`;
    return {
      bitten: nodes.length === 0 && answer.class !== 'ok',
      evidence: `${given.cluster} has ${nodes.length} nodes; a request straight to it: ${served}; ${ready.length} pods of the removed nodes still count as ready`,
    };
  },
});

const nodeRef = (node: KubeObject) => ({ apiVersion: 'v1', kind: 'Node', name: node.metadata.name });

/** Whole, but for what only the server can give. */
function asNew(node: KubeObject): KubeObject {
  const { name, labels, annotations } = node.metadata;
  const metadata = { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  return { apiVersion: 'v1', kind: 'Node', metadata, spec: node['spec'] ?? {}, status: node['status'] ?? {} };
}

async function missingNodes(given: Input, snapshot: Snapshot, context: StepContext): Promise<Difference[]> {
  const nodes = await context.ports.member(given.cluster).nodes(context.signal);
  return snapshot.nodes.flatMap((before) =>
    nodes.some((node) => node.name === before.metadata.name)
      ? []
      : [
          {
            what: `${given.cluster} node ${before.metadata.name}`,
            before: 'there',
            now: 'gone',
            reason: 'it could not be created again',
            remedy: `Bring the node back to ${given.cluster}`,
          },
        ],
  );
}

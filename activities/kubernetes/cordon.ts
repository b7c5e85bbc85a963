import { z } from 'zod';
import { defineKind } from '../kind.ts';
import { compareNodes, type DrainSnapshot, drainable, uncordonOurs } from './drained.ts';
import { cluster, unknownMembers } from './inputs.ts';

const input = z.strictObject({
  cluster,
  nodes: z.array(z.string().min(1)).min(1).optional().meta({ description: 'Default: every node' }),
});

const output = z.object({ nodes: z.array(z.object({ name: z.string(), outcome: z.string() })) });

export const cordon = defineKind<z.infer<typeof input>, z.infer<typeof output>, Pick<DrainSnapshot, 'nodes'>>(
  {
    name: 'kubernetes/cordon',
    version: 1,
    summary: "Close a member's nodes for new pods",
    doc: 'As `kubectl cordon`: what runs goes on, new pods stay Pending. It makes a survivor that has no room, without touching its pods. Undo uncordons the nodes this run cordoned and no other.',
    example: { cluster: 'aks2' },
    input,
    output,
    effect: 'changes',
    undoPhase: 'capacity',
    timeoutMs: 60_000,
    permissions: (given) => [
      { plane: given.cluster, group: '', resource: 'nodes', verbs: ['get', 'list', 'patch'] },
    ],
    check: (given, fleet) => unknownMembers({ cluster: given.cluster }, fleet),

    async snapshot(given, context) {
      const nodes = await drainable(given, context);
      return { nodes: nodes.map(({ name, schedulable }) => ({ name, schedulable })) };
    },

    async act(given, { nodes }, context) {
      const member = context.ports.member(given.cluster);
      const marker = { run: context.run, step: context.step };
      const cordoned = await Promise.all(
        nodes.map(async ({ name }) => ({ name, outcome: await member.cordon(name, marker, context.signal) })),
      );
      return { done: true, output: { nodes: cordoned } };
    },

    async undo(given, snapshot, context) {
      const left = await uncordonOurs(given.cluster, snapshot, context);
      return left.length === 0 ? { done: true, restored: 'fully' } : { done: true, restored: 'partly', left };
    },

    compare: (given, snapshot, context) => compareNodes(given.cluster, snapshot, context),
  },
);

import { z } from 'zod';
import type { Json } from '../../dsl/plan.ts';
import { defineKind } from '../kind.ts';
import { cluster, unknownMembers, withoutFederation } from '../kubernetes/inputs.ts';
import { clusterRef, joinMember, membershipPermissions, unjoinMember, worksOn } from './joining.ts';

const input = z.strictObject({ cluster });
const output = z.object({ works: z.number().meta({ description: 'Works that went with it' }) });

type Snapshot = {
  cluster: { labels: Record<string, string>; spec: { [key: string]: Json } } | null;
  works: string[];
};

export const unjoin = defineKind<z.infer<typeof input>, z.infer<typeof output>, Snapshot>({
  name: 'karmada/unjoin',
  version: 1,
  summary: 'Take a member out of the federation, with everything propagated to it',
  doc: 'Deletes the Cluster and waits until it is gone: Karmada then removes its execution space and what was propagated to the member. Undo joins it again with the labels and the spec it had; policies propagate to it by themselves, but replicas that moved do not come back without a rebalance.',
  example: { cluster: 'k3s' },
  input,
  output,
  effect: 'changes',
  undoPhase: 'membership',
  timeoutMs: 180_000,
  permissions: (given) => membershipPermissions(given.cluster),
  check: (given, fleet) => [
    ...withoutFederation(fleet),
    ...unknownMembers({ cluster: given.cluster }, fleet),
  ],

  async snapshot(given, context) {
    const found = await context.ports.federation().read(clusterRef(given.cluster), context.signal);
    return {
      cluster: found ? { labels: found.metadata.labels ?? {}, spec: found['spec'] ?? {} } : null,
      works: found ? await worksOn(given.cluster, context) : [],
    };
  },

  async act(given, snapshot, context) {
    if (!snapshot.cluster) return { done: true, output: { works: 0 } };
    if (await unjoinMember(given.cluster, context))
      return { done: true, output: { works: snapshot.works.length } };
    return { done: false, progress: 'unjoining' };
  },

  async undo(given, snapshot, context) {
    if (!snapshot.cluster) return { done: true, restored: 'fully' };
    const found = await context.ports.federation().read(clusterRef(given.cluster), context.signal);
    if (found?.metadata.deletionTimestamp) return { done: false, progress: 'still leaving' };
    if (!found) await joinMember(given.cluster, context, snapshot.cluster);
    return { done: true, restored: 'fully' };
  },

  async compare(given, snapshot, context) {
    const found = await context.ports.federation().read(clusterRef(given.cluster), context.signal);
    if (!found === !snapshot.cluster) return [];
    return [
      {
        what: `federation Cluster ${given.cluster}`,
        before: snapshot.cluster ? 'joined' : 'absent',
        now: found ? 'joined' : 'absent',
        reason: 'membership differs',
        remedy: found ? `karmadactl unjoin ${given.cluster}` : `A step karmada/join for ${given.cluster}`,
      },
    ];
  },
});

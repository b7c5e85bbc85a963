import { z } from 'zod';
import { defineKind } from '../kind.ts';
import { cluster, unknownMembers, withoutFederation } from '../kubernetes/inputs.ts';
import { joinMember, joinPermissions, unjoinMember, worksOn } from './joining.ts';

const input = z.strictObject({ cluster });
const output = z.object({ joined: z.boolean().meta({ description: 'False: it was joined already' }) });

type Snapshot = { joined: boolean };

export const join = defineKind<z.infer<typeof input>, z.infer<typeof output>, Snapshot>({
  name: 'karmada/join',
  version: 1,
  summary: 'Join a member to the federation in push mode',
  doc: 'Makes the API calls of `karmadactl join`: service accounts, rights and token Secrets on the member, Secrets and the Cluster on the federation. A member that is joined already is left alone. When the run fails, a member this run joined is taken out again, unless it carries Works by then: unjoining would take what was propagated to it away. A member behind NAT needs pull mode or a tunnel for its API: its address in the fleet file must be one the federation can reach.',
  example: { cluster: 'aks1' },
  input,
  output,
  effect: 'provides',
  undoPhase: 'membership',
  timeoutMs: 120_000,
  permissions: (given) => joinPermissions(given.cluster),
  check: (given, fleet) => [
    ...withoutFederation(fleet),
    ...unknownMembers({ cluster: given.cluster }, fleet),
  ],

  async snapshot(given, context) {
    return {
      joined: (await findCluster(given.cluster, context.ports.federation(), context.signal)) !== undefined,
    };
  },

  async act(given, snapshot, context) {
    if (snapshot.joined) return { done: true, output: { joined: false } };
    await context.ports.member(given.cluster).version(context.signal);
    await joinMember(given.cluster, context);
    return { done: true, output: { joined: true } };
  },

  async undo(given, snapshot, context) {
    const federation = context.ports.federation();
    if (snapshot.joined || !(await findCluster(given.cluster, federation, context.signal)))
      return { done: true, restored: 'fully' };
    const works = await worksOn(given.cluster, context);
    if (works.length > 0)
      return {
        done: true,
        restored: 'partly',
        left: [
          {
            what: `federation Cluster ${given.cluster}`,
            before: 'absent',
            now: 'joined',
            reason: `it carries ${works.length} Works: unjoining would take what they propagated away`,
            remedy: `A step karmada/unjoin, or karmadactl unjoin ${given.cluster}, once nothing on it is needed`,
          },
        ],
      };
    const gone = await unjoinMember(given.cluster, context);
    return gone ? { done: true, restored: 'fully' } : { done: false, progress: 'unjoining' };
  },

  async compare(given, snapshot, context) {
    const joined =
      (await findCluster(given.cluster, context.ports.federation(), context.signal)) !== undefined;
    if (joined === snapshot.joined) return [];
    return [
      {
        what: `federation Cluster ${given.cluster}`,
        before: snapshot.joined ? 'joined' : 'absent',
        now: joined ? 'joined' : 'absent',
        reason: joined ? 'this run joined it' : 'it was taken out',
        remedy: joined ? `karmadactl unjoin ${given.cluster}` : `A step karmada/join for ${given.cluster}`,
      },
    ];
  },
});

type Finder = { clusters(signal: AbortSignal): Promise<{ name: string }[]> };

async function findCluster(name: string, federation: Finder, signal: AbortSignal) {
  return (await federation.clusters(signal)).find((one) => one.name === name);
}

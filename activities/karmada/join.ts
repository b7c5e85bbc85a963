import { z } from 'zod';
import { defineKind, type StepContext } from '../kind.ts';
import { cluster, listing, unknownMembers, withoutFederation } from '../kubernetes/inputs.ts';
import { isTaken } from './credential.ts';
import { joinMember, joinPermissions, renewCredential, unjoinMember, worksOn } from './joining.ts';
import { isPull, requireRegistered } from './registering.ts';

const input = z.strictObject({ cluster });
const output = z.object({
  joined: z.boolean().meta({ description: 'False: it was joined already' }),
  renewed: z.boolean().meta({
    description:
      "It was, and the member did not take Karmada's credential any more. Karmada goes on with the old one for " +
      'what it has not yet watched, until karmada-controller-manager is started again or the member is joined anew',
  }),
});

type Snapshot = { joined: boolean };

export const join = defineKind<z.infer<typeof input>, z.infer<typeof output>, Snapshot>({
  name: 'karmada/join',
  version: 1,
  summary: 'Join a member to the federation, or see that its agent has',
  doc: 'Makes the API calls of `karmadactl join`: service accounts, rights and token Secrets on the member, Secrets and the Cluster on the federation. Of a member that is joined already, the member is asked whether it still takes the token Karmada has of it (Karmada itself only says that the cluster is not reachable); a stale one is replaced, and nothing else is touched. (Karmada 1.18.2 reads the new one for its health checks at once; the client it keeps for each member it makes only once, so Works may stay `Unauthorized` until karmada-controller-manager is started again or the member is taken out and joined anew.) When the run fails, a member this run joined is taken out again, unless it carries Works by then: unjoining would take what was propagated to it away. Its address in the fleet file must be one the federation can reach. A member behind NAT needs a tunnel for its API, or `mode: pull` in the fleet file: then this step only makes sure that its karmada-agent has registered it (`karmadactl register`), which can be done only inside.',
  example: { cluster: 'aks1' },
  input,
  output,
  effect: 'provides',
  undoPhase: 'membership',
  timeoutMs: 120_000,
  permissions: (given, fleet) =>
    isPull(fleet, given.cluster)
      ? [listing('federation', 'cluster.karmada.io', 'clusters')]
      : joinPermissions(given.cluster),
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
    if (isPull(context.fleet, given.cluster)) {
      await requireRegistered(given.cluster, context);
      return { done: true, output: { joined: false, renewed: false } };
    }
    if (snapshot.joined)
      return { done: true, output: { joined: false, renewed: await renewed(given, context) } };
    await context.ports.member(given.cluster).version(context.signal);
    await joinMember(given.cluster, context);
    return { done: true, output: { joined: true, renewed: false } };
  },

  async undo(given, snapshot, context) {
    if (isPull(context.fleet, given.cluster)) return { done: true, restored: 'fully' };
    if (snapshot.joined) return { done: true, restored: 'fully' };
    const joined = await findCluster(given.cluster, context.ports.federation(), context.signal);
    const works = joined ? await worksOn(given.cluster, context) : [];
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
    // Also without a Cluster: an attempt that broke off may have left an administrator's account on the member.
    const gone = await unjoinMember(given.cluster, context);
    return gone ? { done: true, restored: 'fully' } : { done: false, progress: 'unjoining' };
  },

  async compare(given, snapshot, context) {
    if (isPull(context.fleet, given.cluster)) return [];
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

async function renewed({ cluster: name }: z.infer<typeof input>, context: StepContext): Promise<boolean> {
  if (await isTaken(name, context)) return false;
  await renewCredential(name, context);
  return true;
}

/**
 * How Karmada reaches a member: by the address and the token its Cluster object gives, and by nothing else. A member
 * in pull mode is not reached: its karmada-agent works from inside, as long as the two hear of each other.
 */
import { reachability } from '../../faults.ts';
import type { MemoryStore } from '../../kubernetes/store.ts';
import { clusterOf } from '../bindings.ts';
import { conditionOf } from '../conditions.ts';
import { type Context, Retry } from '../context.ts';
import type { ClusterObject } from '../types.ts';

export type Access =
  | { store: MemoryStore }
  /** The Cluster object itself does not say how to reach the member. */
  | { misjoined: string }
  | { unreachable: 'refuses' | 'hangs' | 'fails' }
  /** Nothing is heard of the member's agent. */
  | { silent: true };

export function accessTo(context: Context, cluster: ClusterObject): Access {
  const { world, federation } = context;
  if (cluster.spec.syncMode === 'Pull') return byAgent(context, cluster.metadata.name);
  const { apiEndpoint = '', secretRef } = cluster.spec;
  if (!apiEndpoint) return { misjoined: `the api endpoint of cluster ${cluster.metadata.name} is empty` };
  if (!secretRef) return { misjoined: `cluster ${cluster.metadata.name} does not have a secret` };
  const secret = federation.get('core/secrets', secretRef.namespace, secretRef.name);
  if (!secret) return { misjoined: `secrets "${secretRef.name}" not found` };
  const token = Buffer.from(String(secret.data?.token ?? ''), 'base64').toString();
  if (!token)
    return {
      misjoined: `the secret for cluster ${cluster.metadata.name} is missing a non-empty value for "token"`,
    };
  const member = context.memberAt(apiEndpoint);
  const store = member === undefined ? undefined : world.members[member];
  if (member === undefined || !store) return { unreachable: 'refuses' };
  const answer = reachability(world.faults, member);
  if (answer !== 'answers') return { unreachable: answer };
  return world.planes[member]?.tokens.user(token) ? { store } : { unreachable: 'fails' };
}

/** A network that is cut keeps the agent from the federation; an API server that is gone, from its own cluster. */
function byAgent({ world }: Context, member: string): Access {
  const store = world.members[member];
  if (!store) return { silent: true };
  const answer = reachability(world.faults, member);
  if (answer === 'answers') return { store };
  return answer === 'hangs' ? { silent: true } : { unreachable: answer };
}

export function isReady(cluster: ClusterObject): boolean {
  return conditionOf(cluster.status?.conditions, 'Ready')?.status === 'True';
}

/** The member's store, for a write. Throws Retry while the Cluster is not Ready or its API does not answer. */
export function memberStore(context: Context, name: string): MemoryStore {
  const cluster = clusterOf(context.federation, name);
  if (!cluster) throw new Retry(`clusters.cluster.karmada.io "${name}" not found`);
  if (!isReady(cluster)) throw new Retry(`cluster(${name}) not ready`);
  const access = accessTo(context, cluster);
  if (!('store' in access)) throw new Retry(`cluster(${name}): ${unreachableText(access)}`);
  return access.store;
}

/** The member's store as Karmada's watches see it, or undefined while they are broken. */
export function observedStore(context: Context, name: string): MemoryStore | undefined {
  const cluster = clusterOf(context.federation, name);
  const access = cluster && accessTo(context, cluster);
  return access && 'store' in access ? access.store : undefined;
}

export function unreachableText(access: Exclude<Access, { store: MemoryStore }>): string {
  if ('misjoined' in access) return access.misjoined;
  if ('silent' in access) return 'its agent is not heard of';
  const texts = {
    refuses: 'connect: connection refused',
    hangs: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    fails: 'the server answered with an error',
  };
  return texts[access.unreachable];
}

/** The Clusters whose API server this member is: one, or none before it is joined. */
export function clustersOfMember(context: Context, member: string): string[] {
  return [...context.federation.peek('cluster.karmada.io/clusters')]
    .filter(({ metadata, spec }) =>
      spec?.syncMode === 'Pull'
        ? metadata.name === member
        : context.memberAt(spec?.apiEndpoint ?? '') === member,
    )
    .map(({ metadata }) => metadata.name);
}

/**
 * What Karmada has of a member: the token and the authority in the Secret that its Cluster names. When the member no
 * longer takes them, Karmada says no more than that the cluster is not reachable, so the member itself is asked.
 */
import type { StepContext } from '../kind.ts';
import { accountsOf, CLUSTER_NAMESPACE, clusterRef } from './joining.ts';

type Held = { token?: string; caBundle?: string };

/** Whether the member takes it. A pull-mode member's agent has its own credential: it is not looked at. */
export async function isTaken(name: string, context: StepContext): Promise<boolean> {
  const federation = context.ports.federation();
  const { signal } = context;
  const cluster = await federation.read(clusterRef(name), signal);
  if (cluster?.['spec']?.syncMode !== 'Push') return true;
  const at = { apiVersion: 'v1', kind: 'Secret', ...cluster['spec'].secretRef };
  const held: Held = (await federation.read(at, signal))?.['data'] ?? {};
  return (await authenticates(name, held, context)) && (await trusts(name, held, context));
}

async function authenticates(name: string, { token }: Held, context: StepContext): Promise<boolean> {
  if (!token) return false;
  const asked = await context.ports.member(name).create(
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      metadata: { name: 'karmada' },
      spec: { token: Buffer.from(token, 'base64').toString() },
    },
    context.signal,
  );
  return asked?.['status']?.authenticated === true;
}

/** The authority that the member's own token Secret tells now; nothing to compare where somebody else joined it. */
async function trusts(name: string, { caBundle }: Held, context: StepContext): Promise<boolean> {
  const { work } = accountsOf(name);
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: CLUSTER_NAMESPACE, name: work };
  const own = (await context.ports.member(name).read(ref, context.signal))?.['data'];
  return !own?.['ca.crt'] || own['ca.crt'] === caBundle;
}

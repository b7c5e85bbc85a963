/**
 * Who has the multi-cluster APIs, by `Cluster.status.apiEnablements`, which Karmada renews every 10 s or so. What is
 * applied before a member is listed there finds no cluster that fits, and Karmada never tries it again.
 */
import { refused } from '../failure.ts';
import type { Difference, StepContext } from '../kind.ts';
import type { KubeObject, Plane } from '../ports/plane.ts';
import { API_POLICY, API_VERSION, CRD_NAMES, crdBindingRef, crdRef } from './sharing.ts';

const CLAIM = 'clusterpropagationpolicy.karmada.io/name';

/** Of `members`, those without the APIs. A member that is not joined has none either. */
export async function lacking(members: string[], context: StepContext): Promise<string[]> {
  const federation = context.ports.federation();
  const found = await Promise.all(
    members.map(async (name) => {
      const ref = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name };
      const enabled: { groupVersion: string }[] =
        (await federation.read(ref, context.signal))?.['status']?.apiEnablements ?? [];
      return enabled.some(({ groupVersion }) => groupVersion === API_VERSION) ? [] : [name];
    }),
  );
  return found.flat();
}

/** Throws `refused` when no policy of ours could bring them: Karmada has none, or a policy of others holds them. */
export async function refuseUnpropagatable(
  federation: Plane,
  missing: string[],
  signal: AbortSignal,
): Promise<void> {
  if (missing.length === 0) return;
  for (const name of CRD_NAMES) {
    const crd = await federation.read(crdRef(name), signal);
    if (crd === undefined) throw withoutApis(name);
    const holder = crd.metadata.annotations?.[CLAIM];
    if (holder !== undefined && holder !== API_POLICY) throw heldBy(holder, name, missing);
  }
}

const withoutApis = (name: string) =>
  refused({
    code: 'FD3602',
    where: 'federation',
    what: `it has no ${name} to bring to the members`,
    remedy: "Install Karmada's own CRDs (charts/karmada/_crds/bases/multicluster)",
  });

const heldBy = (holder: string, name: string, missing: string[]) =>
  refused({
    code: 'FD3603',
    where: 'federation',
    what: `ClusterPropagationPolicy ${holder} propagates ${name}, but not to ${missing.join(', ')}`,
    remedy: `Add ${missing.join(', ')} to the placement of ${holder}`,
  });

/** Exports and imports of anybody, which would go with the APIs. */
export async function usersOf(context: StepContext): Promise<KubeObject[]> {
  const federation = context.ports.federation();
  const kinds = ['ServiceExport', 'ServiceImport'];
  const found = kinds.map((kind) => federation.list(API_VERSION, kind, context.signal));
  return (await Promise.all(found)).flat();
}

/** Once the policy is gone: Karmada leaves what it propagated where it is until its bindings go too. */
export async function removeBindings(context: StepContext): Promise<void> {
  const federation = context.ports.federation();
  for (const name of CRD_NAMES) {
    const binding = await federation.read(crdBindingRef(name), context.signal);
    const holder = binding?.metadata.annotations?.[CLAIM];
    if (binding === undefined || (holder !== undefined && holder !== API_POLICY)) continue;
    context.signal.throwIfAborted();
    await federation.remove(crdBindingRef(name), context.signal, binding.metadata.uid);
  }
}

/** Members that still have one of the CRDs, asked themselves. */
export async function remaining(members: string[], context: StepContext): Promise<string[]> {
  const found = await Promise.all(
    members.map(async (name) => {
      const plane = context.ports.member(name);
      const crds = await Promise.all(CRD_NAMES.map((crd) => plane.read(crdRef(crd), context.signal)));
      return crds.every((crd) => crd === undefined) ? [] : [name];
    }),
  );
  return found.flat();
}

/** Why the APIs stay: taking them away would take what others have shared. */
export const keptFor = (users: KubeObject[]): Difference[] => [
  {
    what: `federation ClusterPropagationPolicy ${API_POLICY}`,
    before: 'absent',
    now: 'there',
    reason: `${users.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).join(', ')} would go with the APIs`,
    remedy: `kubectl --context federation delete clusterpropagationpolicy ${API_POLICY}`,
  },
];

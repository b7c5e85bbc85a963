/**
 * The fleet lock: a Lease `firedrill` on the federation, so that everybody who can reach the fleet sees who holds
 * it. In `firedrill-system`; where that namespace may not be created, in `karmada-system`. It does not expire: a
 * run that died is finished by `firedrill restore` or unlocked by a person.
 */
import { transient } from '../../activities/failure.ts';
import type { Lock } from '../../activities/ports/federation.ts';
import type { KubeObject, ObjectRef, Plane } from '../../activities/ports/plane.ts';

const NAMESPACES = ['firedrill-system', 'karmada-system'] as const;

const leaseRef = (namespace: string): ObjectRef => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace,
  name: 'firedrill',
});

interface Found {
  namespace: string;
  lease: KubeObject;
}

async function findLease(plane: Plane, signal: AbortSignal): Promise<Found | undefined> {
  for (const namespace of NAMESPACES) {
    const lease = await plane.read(leaseRef(namespace), signal);
    if (lease) return { namespace, lease };
  }
  return undefined;
}

export async function readLock(plane: Plane, signal: AbortSignal): Promise<Lock | undefined> {
  const found = await findLease(plane, signal);
  return found && toLock(found, false);
}

export async function acquireLock(plane: Plane, holder: string, signal: AbortSignal): Promise<Lock> {
  const found = await findLease(plane, signal);
  if (found) return toLock(found, holderOf(found) === holder);
  const namespace = await writableNamespace(plane, signal);
  const now = new Date().toISOString().replace('Z', '000Z');
  const created = await plane.create(
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'firedrill', namespace },
      spec: { holderIdentity: holder, acquireTime: now, renewTime: now },
    },
    signal,
  );
  if (created) return toLock({ namespace, lease: created }, true);
  const faster = await findLease(plane, signal);
  if (faster) return toLock(faster, holderOf(faster) === holder);
  throw transient({
    code: 'FD3401',
    where: plane.name,
    what: 'the fleet lock was taken and released while it was asked for',
    remedy: 'It is tried again',
  });
}

export async function releaseLock(plane: Plane, holder: string, signal: AbortSignal): Promise<boolean> {
  const found = await findLease(plane, signal);
  if (!found) return true;
  if (holderOf(found) !== holder) return false;
  await plane.remove(leaseRef(found.namespace), signal, found.lease.metadata.uid);
  return true;
}

async function writableNamespace(plane: Plane, signal: AbortSignal): Promise<string> {
  const [own, fallback] = NAMESPACES;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: own };
  if (await plane.read(namespace, signal)) return own;
  const [grant] = await plane.allowed(
    { plane: plane.name, group: '', resource: 'namespaces', verbs: ['create'] },
    signal,
  );
  if (!grant?.allowed) return fallback;
  // The federation's namespaces are propagated to every member unless this label says no.
  const labels = { 'namespace.karmada.io/skip-auto-propagation': 'true' };
  await plane.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: own, labels } }, signal);
  return own;
}

const holderOf = ({ lease }: Found): string => lease['spec']?.holderIdentity ?? '';

function toLock(found: Found, acquired: boolean): Lock {
  return {
    acquired,
    holder: holderOf(found),
    since: found.lease['spec']?.acquireTime ?? found.lease.metadata.creationTimestamp ?? '',
    where: `${found.namespace}/firedrill`,
  };
}

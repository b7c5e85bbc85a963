/**
 * The fleet lock: a Lease `firedrill` on the federation, so that everybody who can reach the fleet sees who holds
 * it, in a namespace of its own. It does not expire: a run that died is finished by `firedrill restore` or unlocked
 * by a person.
 */
import { refused, transient } from '../../activities/failure.ts';
import type { Lock } from '../../activities/ports/federation.ts';
import type { KubeObject, ObjectRef, Plane } from '../../activities/ports/plane.ts';
import { LOCK, NOT_PROPAGATED } from '../../dsl/lock.ts';

const LEASE: ObjectRef = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...LOCK };

export async function readLock(plane: Plane, signal: AbortSignal): Promise<Lock | undefined> {
  const lease = await plane.read(LEASE, signal);
  return lease && toLock(lease, false);
}

export async function acquireLock(plane: Plane, holder: string, signal: AbortSignal): Promise<Lock> {
  const lease = await plane.read(LEASE, signal);
  if (lease) return toLock(lease, holderOf(lease) === holder);
  const created = await createLease(plane, holder, signal);
  if (created) return toLock(created, true);
  const faster = await plane.read(LEASE, signal);
  if (faster) return toLock(faster, holderOf(faster) === holder);
  throw transient({
    code: 'FD3401',
    where: plane.name,
    what: 'the fleet lock was taken and released while it was asked for',
    remedy: 'It is tried again',
  });
}

export async function releaseLock(plane: Plane, holder: string, signal: AbortSignal): Promise<boolean> {
  const lease = await plane.read(LEASE, signal);
  if (!lease) return true;
  if (holderOf(lease) !== holder) return false;
  await plane.remove(LEASE, signal, lease.metadata.uid);
  return true;
}

/** The namespace is made only where it is missing: who may write the Lease need not be allowed to. */
async function createLease(
  plane: Plane,
  holder: string,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const { apiVersion, kind } = LEASE;
  const now = new Date().toISOString().replace('Z', '000Z');
  const spec = { holderIdentity: holder, acquireTime: now, renewTime: now };
  const lease = { apiVersion, kind, metadata: { ...LOCK }, spec };
  try {
    return await plane.create(lease, signal);
  } catch (error) {
    if (codeOf(error) !== 'FD3006') throw error;
    await createNamespace(plane, signal);
    return await plane.create(lease, signal);
  }
}

async function createNamespace(plane: Plane, signal: AbortSignal): Promise<void> {
  const metadata = { name: LOCK.namespace, labels: { ...NOT_PROPAGATED } };
  try {
    await plane.create({ apiVersion: 'v1', kind: 'Namespace', metadata }, signal);
  } catch (error) {
    if (codeOf(error) !== 'FD3005') throw error;
    throw refused({
      code: 'FD3402',
      where: plane.name,
      what: `there is no namespace ${LOCK.namespace} for the fleet lock, and the drill may not create it`,
      remedy: `Apply what \`npx firedrill plan RUNBOOK --permissions\` prints for ${plane.name}: the namespace is part of it`,
    });
  }
}

const codeOf = (error: unknown) => (error as { details?: { code?: string }[] }).details?.[0]?.code;

const holderOf = (lease: KubeObject): string => lease['spec']?.holderIdentity ?? '';

function toLock(lease: KubeObject, acquired: boolean): Lock {
  return {
    acquired,
    holder: holderOf(lease),
    since: lease['spec']?.acquireTime ?? lease.metadata.creationTimestamp ?? '',
    where: `${LOCK.namespace}/${LOCK.name}`,
  };
}

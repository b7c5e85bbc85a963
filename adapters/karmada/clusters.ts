/** Clusters of the federation and their taints. */

import { transient } from '../../activities/failure.ts';
import type { Cluster, Taint } from '../../activities/ports/federation.ts';
import type { KubeObject, ObjectRef, Observer, Plane } from '../../activities/ports/plane.ts';
import type { KubeApi } from '../kubernetes/api.ts';
import { resourcePath } from '../kubernetes/paths.ts';
import { watchObjects } from '../kubernetes/watch.ts';

const API = 'cluster.karmada.io/v1alpha1';
/** Read, then written only if nobody was faster: this often. Karmada writes its own taints within 60 ms. */
const TRIES = 8;

export async function listClusters(plane: Plane, signal: AbortSignal): Promise<Cluster[]> {
  return (await plane.list(API, 'Cluster', signal)).map(toCluster);
}

export function watchClusters(
  api: KubeApi,
  observer: Observer<Cluster[]>,
  signal: AbortSignal,
): Promise<void> {
  const seen = (objects: KubeObject[]) => observer.seen(objects.map(toCluster));
  const watched = { path: resourcePath(API, 'clusters'), object: 'clusters' };
  return watchObjects(api, watched, { seen, trouble: observer.trouble }, signal);
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

function toCluster(object: KubeObject): Cluster {
  const spec = object['spec'] ?? {};
  const conditions: Condition[] = object['status']?.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const summary = object['status']?.nodeSummary;
  const total = summary?.totalNum;
  return {
    name: object.metadata.name,
    ready: ready?.status === 'True',
    why: ready ? `${ready.reason ?? ''}: ${ready.message ?? ''}` : 'no Ready condition yet',
    readySinceMs: Date.parse(ready?.lastTransitionTime ?? '') || 0,
    syncMode: spec.syncMode ?? '',
    labels: object.metadata.labels ?? {},
    zones: spec.zones ?? [],
    taints: spec.taints ?? [],
    deleting: object.metadata.deletionTimestamp !== undefined,
    ...(spec.region ? { region: spec.region } : {}),
    ...(spec.provider ? { provider: spec.provider } : {}),
    ...(total === undefined ? {} : { nodes: { total, ready: summary.readyNum ?? 0 } }),
  };
}

const clusterRef = (name: string): ObjectRef => ({ apiVersion: API, kind: 'Cluster', name });

export const sameTaint = (one: Taint, other: Taint): boolean =>
  one.key === other.key && one.effect === other.effect && (one.value ?? '') === (other.value ?? '');

/** `edit` returns the new list, or undefined when there is nothing to do. */
async function editTaints(
  plane: Plane,
  cluster: string,
  edit: (taints: Taint[]) => Taint[] | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const object = await plane.read(clusterRef(cluster), signal);
    const taints = object && edit(object['spec']?.taints ?? []);
    if (!taints) return false;
    const { resourceVersion } = object.metadata;
    const patch = { metadata: { resourceVersion }, spec: { taints } };
    if (await plane.patch(clusterRef(cluster), patch, signal)) return true;
  }
  throw transient({
    code: 'FD3007',
    where: plane.name,
    what: `the taints of Cluster ${cluster} were changed by somebody else ${TRIES} times in a row`,
    remedy: 'It is tried again; find who keeps writing the Cluster if it stays',
  });
}

export async function addTaint(
  plane: Plane,
  cluster: string,
  taint: Taint,
  signal: AbortSignal,
): Promise<'added' | 'present'> {
  const add = (taints: Taint[]) =>
    taints.some((present) => sameTaint(present, taint)) ? undefined : [...taints, taint];
  return (await editTaints(plane, cluster, add, signal)) ? 'added' : 'present';
}

export async function removeTaint(
  plane: Plane,
  cluster: string,
  taint: Taint,
  signal: AbortSignal,
): Promise<'removed' | 'absent'> {
  const remove = (taints: Taint[]) =>
    taints.some((present) => sameTaint(present, taint))
      ? taints.filter((present) => !sameTaint(present, taint))
      : undefined;
  return (await editTaints(plane, cluster, remove, signal)) ? 'removed' : 'absent';
}

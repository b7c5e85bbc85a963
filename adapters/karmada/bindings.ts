/** ResourceBindings: what Karmada decided, and what it last heard from the members. */
import type { Binding, Workload } from '../../activities/ports/federation.ts';
import type { KubeObject, ObjectRef, Observer, Plane } from '../../activities/ports/plane.ts';
import type { KubeApi } from '../kubernetes/api.ts';
import { resourcePath } from '../kubernetes/paths.ts';
import { watchObjects } from '../kubernetes/watch.ts';

const API = 'work.karmada.io/v1alpha2';

/** As Karmada names them: `hello-deployment`. */
const bindingName = (workload: Workload) => `${workload.name}-deployment`.toLowerCase();

export async function listBindings(plane: Plane, signal: AbortSignal): Promise<Binding[]> {
  return (await plane.list(API, 'ResourceBinding', signal)).map(toBinding);
}

export async function readBinding(
  plane: Plane,
  workload: Workload,
  signal: AbortSignal,
): Promise<Binding | undefined> {
  const { namespace } = workload;
  const ref = { apiVersion: API, kind: 'ResourceBinding', namespace, name: bindingName(workload) };
  const object = await plane.read(ref, signal);
  return object && toBinding(object);
}

export function watchBinding(
  api: KubeApi,
  workload: Workload,
  observer: Observer<Binding | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const name = bindingName(workload);
  const watched = {
    path: resourcePath(API, 'resourcebindings', workload.namespace),
    object: `ResourceBinding ${workload.namespace}/${name}`,
    query: { fieldSelector: `metadata.name=${name}` },
  };
  const seen = (objects: KubeObject[]) => {
    const found = objects.find((object) => object.metadata.name === name);
    observer.seen(found && toBinding(found));
  };
  return watchObjects(api, watched, { seen, trouble: observer.trouble }, signal);
}

interface Reported {
  clusterName: string;
  applied?: boolean;
  appliedMessage?: string;
  status?: { replicas?: number; readyReplicas?: number };
}

function toBinding(object: KubeObject): Binding {
  const { metadata } = object;
  const spec = object['spec'] ?? {};
  const status = object['status'] ?? {};
  const scheduled = status.conditions?.find((condition: { type: string }) => condition.type === 'Scheduled');
  const targets: { name: string; replicas?: number }[] = spec.clusters ?? [];
  const reports: Reported[] = status.aggregatedStatus ?? [];
  const evictions: { fromCluster: string; reason?: string; producer?: string }[] =
    spec.gracefulEvictionTasks ?? [];
  const tolerationSeconds = spec.failover?.application?.decisionConditions?.tolerationSeconds;
  const policy = policyOf(object);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    generation: metadata.generation ?? 0,
    observed: status.schedulerObservedGeneration === metadata.generation,
    scheduled: scheduled?.status === 'True',
    why: scheduled?.message ?? '',
    resource: spec.resource,
    replicas: spec.replicas ?? 0,
    spread: Object.fromEntries(targets.map((target) => [target.name, target.replicas ?? 0])),
    placement: spec.placement ?? {},
    evictions: evictions.map(({ fromCluster, reason = '', producer = '' }) => ({
      from: fromCluster,
      reason,
      producer,
    })),
    reports: reports.map((report) => ({
      cluster: report.clusterName,
      applied: report.applied === true,
      replicas: report.status?.replicas ?? 0,
      ready: report.status?.readyReplicas ?? 0,
      message: report.appliedMessage ?? '',
    })),
    ...(spec.failover?.application ? { tolerationSeconds: tolerationSeconds ?? 300 } : {}),
    ...(spec.rescheduleTriggeredAt ? { rescheduleTriggeredAt: spec.rescheduleTriggeredAt } : {}),
    ...(status.lastScheduledTime ? { lastScheduledTime: status.lastScheduledTime } : {}),
    ...(status.schedulerObservingAffinityName ? { affinityName: status.schedulerObservingAffinityName } : {}),
    ...(policy ? { policy } : {}),
  };
}

/** The policy that claimed the object, from the annotations Karmada writes. */
function policyOf(object: KubeObject): ObjectRef | undefined {
  const annotations = object.metadata.annotations ?? {};
  const apiVersion = 'policy.karmada.io/v1alpha1';
  const name = annotations['propagationpolicy.karmada.io/name'];
  const namespace = annotations['propagationpolicy.karmada.io/namespace'];
  if (name && namespace) return { apiVersion, kind: 'PropagationPolicy', namespace, name };
  const clusterWide = annotations['clusterpropagationpolicy.karmada.io/name'];
  return clusterWide ? { apiVersion, kind: 'ClusterPropagationPolicy', name: clusterWide } : undefined;
}

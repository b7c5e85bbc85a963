/** The lab in short: nodes, workloads and pods by cluster. */
import { type Faults, reachability } from './faults.ts';
import { isTrue } from './kubernetes/controllers/conditions.ts';
import type { ObjectReader } from './store.ts';

export interface ClusterOverview {
  api: ReturnType<typeof reachability>;
  nodes: { name: string; ready: boolean; schedulable: boolean }[];
  /** By `NAMESPACE/NAME`. */
  deployments: Record<string, { wanted: number; ready: number }>;
  pods: { namespace: string; name: string; node: string | null; phase: string; ready: boolean }[];
}

function clusterOverview(store: ObjectReader): Omit<ClusterOverview, 'api'> {
  return {
    nodes: store.list('core/nodes').map((node) => ({
      name: node.metadata.name,
      ready: isTrue(node, 'Ready'),
      schedulable: !node.spec?.unschedulable,
    })),
    deployments: Object.fromEntries(
      store
        .list('apps/deployments')
        .map(({ metadata, spec, status }) => [
          `${metadata.namespace}/${metadata.name}`,
          { wanted: spec.replicas, ready: status?.readyReplicas ?? 0 },
        ]),
    ),
    pods: store.list('core/pods').map((pod) => ({
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name,
      node: pod.spec.nodeName ?? null,
      phase: pod.metadata.deletionTimestamp ? 'Terminating' : pod.status.phase,
      ready: isTrue(pod, 'Ready'),
    })),
  };
}

export function overview({
  members,
  faults,
}: {
  members: Record<string, ObjectReader>;
  faults: Faults;
}): Record<string, ClusterOverview> {
  return Object.fromEntries(
    Object.entries(members).map(([name, store]) => [
      name,
      { api: reachability(faults, name), ...clusterOverview(store) },
    ]),
  );
}

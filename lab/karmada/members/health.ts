/**
 * Cluster status: every 10 s each member's health is asked for. Ready turns False only after 30 s of failures, and
 * a Cluster that is not Ready keeps the rest of its status as it last was.
 */
import { timestamp } from '../../clock.ts';
import { version } from '../../kubernetes/discovery.ts';
import { CLUSTERS, clusterOf } from '../bindings.ts';
import { conditionOf, withCondition } from '../conditions.ts';
import type { Context } from '../context.ts';
import { inform, isNewGeneration } from '../informer.ts';
import { createQueue, hasApiServer } from '../queue.ts';
import { apiEnablements } from '../resource-type.ts';
import type { ClusterObject, Condition } from '../types.ts';
import { type Access, accessTo, unreachableText } from './access.ts';
import { nodeSummary, resourceSummary } from './summary.ts';

/** What was observed last, and since when. */
interface Observed {
  ready: boolean;
  sinceMs: number;
}

export function startHealth(context: Context): () => void {
  const { federation, timings, clock } = context;
  const observed = new Map<string, Observed>();
  const probing = new Map<string, () => void>();

  function collect(name: string, access: Access): void {
    const cluster = clusterOf(federation, name);
    if (!cluster || !hasApiServer(context)) return;
    const ready = adjusted(cluster, readyCondition(access));
    federation.update(CLUSTERS, undefined, name, (object) => {
      const now = timestamp(clock.now());
      object.status = { ...object.status };
      if ('store' in access && ready.status === 'True') {
        const { status } = object as ClusterObject & { status: object };
        Object.assign(status, {
          kubernetesVersion: version.gitVersion,
          apiEnablements: apiEnablements(access.store),
          nodeSummary: nodeSummary(access.store),
          resourceSummary: resourceSummary(access.store),
          conditions: withCondition(cluster.status?.conditions, completeEnablements, now),
        });
      }
      object.status.conditions = withCondition(object.status.conditions, ready, now);
    });
  }

  /** The condition that was there holds until the new one has lasted for the threshold. */
  function adjusted(cluster: ClusterObject, seen: Condition): Condition {
    const { name } = cluster.metadata;
    const ready = seen.status === 'True';
    const before = observed.get(name);
    const current = conditionOf(cluster.status?.conditions, 'Ready');
    if (!before || before.ready !== ready) observed.set(name, { ready, sinceMs: clock.now() });
    if (!before || !current || (current.status === 'True') === ready) return seen;
    const since = observed.get(name)?.sinceMs ?? clock.now();
    return clock.now() < since + timings.failureThresholdMs ? current : seen;
  }

  const queue = createQueue(context, 'cluster-status', timings.firstProbeMs, (name) => {
    const cluster = clusterOf(federation, name);
    if (!cluster) {
      observed.delete(name);
      return undefined;
    }
    const access = accessTo(context, cluster);
    if (!('unreachable' in access) || access.unreachable !== 'hangs') {
      collect(name, access);
      return timings.statusEveryMs;
    }
    probing.get(name)?.();
    probing.set(
      name,
      clock.after(timings.probeTimeoutMs, () => collect(name, access)),
    );
    return timings.probeTimeoutMs + timings.statusEveryMs;
  });
  const stops = [
    inform(federation, [CLUSTERS], (change) => {
      if (isNewGeneration(change)) queue.add(change.object.metadata.name);
    }),
    // The secret may come after the Cluster that names it.
    inform(federation, ['core/secrets'], ({ object: { metadata } }) => {
      for (const { spec, metadata: cluster } of federation.peek(CLUSTERS))
        if (spec?.secretRef?.name === metadata.name) queue.add(cluster.name);
    }),
  ];
  return () => {
    for (const stop of [...stops, ...probing.values()]) stop();
    queue.stop();
  };
}

const completeEnablements: Condition = {
  type: 'CompleteAPIEnablements',
  status: 'True',
  reason: 'Complete',
  message: 'collected complete APIEnablements from the cluster',
};

function readyCondition(access: Access): Condition {
  if ('store' in access)
    return {
      type: 'Ready',
      status: 'True',
      reason: 'ClusterReady',
      message: 'cluster is healthy and ready to accept workloads',
    };
  if ('misjoined' in access)
    return {
      type: 'Ready',
      status: 'False',
      reason: 'StatusCollectionFailed',
      message: `failed to create a ClusterClient: ${unreachableText(access)}`,
    };
  if ('silent' in access)
    return {
      type: 'Ready',
      status: 'Unknown',
      reason: 'ClusterStatusUnknown',
      message: 'Cluster status controller stopped posting cluster status.',
    };
  return {
    type: 'Ready',
    status: 'False',
    reason: 'ClusterNotReachable',
    message: 'cluster is not reachable',
  };
}

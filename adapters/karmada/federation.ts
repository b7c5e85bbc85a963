/** The port `Federation` over `@kubernetes/client-node`. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Federation, Placement, Policy } from '../../activities/ports/federation.ts';
import type { KubeObject, Plane } from '../../activities/ports/plane.ts';
import { openApi } from '../kubernetes/api.ts';
import { RUN_ANNOTATION } from '../kubernetes/nodes.ts';
import type { Origin } from '../kubernetes/origin.ts';
import { createPlane } from '../kubernetes/plane.ts';
import { deploymentRef } from '../kubernetes/workloads.ts';
import { listBindings, readBinding, watchBinding } from './bindings.ts';
import { addTaint, listClusters, removeTaint, watchClusters } from './clusters.ts';
import { acquireLock, readLock, releaseLock } from './lease.ts';

/** A WorkloadRebalancer cleans itself up after this long, so that it can still be looked at. */
const REBALANCER_TTL_SECONDS = 300;

export function createFederation(members: string[], config: KubeConfig, origin?: Origin): Federation {
  const api = openApi('federation', config, origin);
  const plane = createPlane(api);
  return {
    ...plane,
    members,
    clusters: (signal) => listClusters(plane, signal),
    watchClusters: (observer, signal) => watchClusters(api, observer, signal),
    taint: (cluster, taint, signal) => addTaint(plane, cluster, taint, signal),
    untaint: (cluster, taint, signal) => removeTaint(plane, cluster, taint, signal),
    bindings: (signal) => listBindings(plane, signal),
    binding: (workload, signal) => readBinding(plane, workload, signal),
    watchBinding: (workload, observer, signal) => watchBinding(api, workload, observer, signal),
    async policy(ref, signal) {
      const object = await plane.read(ref, signal);
      return object && { ref, ...toPolicy(object) };
    },
    place: (policy, placement, run, signal) => place(plane, policy, placement, run, signal),
    async replicas(workload, signal) {
      const object = await plane.read(deploymentRef(workload.namespace, workload.name), signal);
      return object && (object['spec']?.replicas ?? 1);
    },
    async scale(workload, replicas, signal) {
      await plane.patch(deploymentRef(workload.namespace, workload.name), { spec: { replicas } }, signal);
    },
    async rebalance(name, resources, signal) {
      await plane.create(
        {
          apiVersion: 'apps.karmada.io/v1alpha1',
          kind: 'WorkloadRebalancer',
          metadata: { name },
          spec: {
            workloads: resources.map(({ apiVersion, kind, namespace, name: workload }) => ({
              apiVersion,
              kind,
              namespace,
              name: workload,
            })),
            ttlSecondsAfterFinished: REBALANCER_TTL_SECONDS,
          },
        },
        signal,
      );
    },
    acquireLock: (holder, signal) => acquireLock(plane, holder, signal),
    releaseLock: (holder, signal) => releaseLock(plane, holder, signal),
    readLock: (signal) => readLock(plane, signal),
  };
}

/** An edit of ours makes exactly this generation: with another one, somebody has edited the spec since. */
const GENERATION_ANNOTATION = 'firedrill.dev/generation';

function toPolicy(object: KubeObject): Omit<Policy, 'ref'> {
  const { annotations = {}, generation = 0, resourceVersion = '' } = object.metadata;
  const run = annotations[RUN_ANNOTATION];
  const ours = run !== undefined && annotations[GENERATION_ANNOTATION] === String(generation);
  return {
    resourceVersion,
    generation,
    ...(ours ? { run } : {}),
    placement: object['spec']?.placement ?? {},
    ...lastWrite(object),
    object,
  };
}

function lastWrite(object: KubeObject): Pick<Policy, 'writer' | 'writtenAtMs'> {
  const writers = (object.metadata.managedFields ?? []).filter(
    (entry) => typeof entry.fieldsV1 === 'object' && entry.fieldsV1 !== null && 'f:spec' in entry.fieldsV1,
  );
  writers.sort((one, other) => (one.time ?? '').localeCompare(other.time ?? ''));
  const { manager = '', time } = writers.at(-1) ?? {};
  return { writer: manager, ...(time !== undefined && { writtenAtMs: Date.parse(time) }) };
}

/** A merge patch keeps what it does not name, so parts that are to go are named with null. */
function place(
  plane: Plane,
  policy: Policy,
  placement: Placement,
  run: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  const annotations = {
    [RUN_ANNOTATION]: run,
    [GENERATION_ANNOTATION]: run === null ? null : String(policy.generation + 1),
  };
  const patch = {
    metadata: { resourceVersion: policy.resourceVersion, annotations },
    spec: { placement: replacement(policy.placement, placement) },
  };
  return plane.patch(policy.ref, patch, signal);
}

function replacement(before: unknown, after: unknown): unknown {
  if (!isRecord(before) || !isRecord(after)) return after;
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  return {
    ...Object.fromEntries(
      Object.entries(after).map(([key, value]) => [key, replacement(before[key], value)]),
    ),
    ...Object.fromEntries(gone.map((key) => [key, null])),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

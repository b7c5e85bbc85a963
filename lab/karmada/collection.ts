/**
 * Members → Works: the status and health of what was propagated, and the mending of drift. A member that cannot be
 * reached is not watched: what was reported last stays, and only when the watch is back is everything read anew.
 */
import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '../clock.ts';
import type { StoredChange } from '../kubernetes/store.ts';
import { CLUSTERS, clusterOf, WORKS } from './bindings.ts';
import { conditionOf, withCondition } from './conditions.ts';
import type { Context } from './context.ts';
import { healthOf, reportedStatus } from './health.ts';
import { inform } from './informer.ts';
import { clustersOfMember, observedStore } from './members/access.ts';
import { applyManifest } from './members/apply.ts';
import { annotation, clusterOfSpace, executionSpace } from './names.ts';
import { createQueue, keyFor, keyOf, splitKey } from './queue.ts';
import { typeOf } from './resource-type.ts';
import type { Condition } from './types.ts';
import type { Work } from './works.ts';

export function startCollection(context: Context): () => void {
  const { federation, timings, world } = context;
  /** Keys are those of Works. */
  const queue = createQueue(context, 'work-status', timings.collectMs, (key) => {
    const [namespace, name] = splitKey(key);
    const work = federation.get(WORKS, namespace, name) as Work | undefined;
    const cluster = clusterOfSpace(namespace);
    if (work && !work.metadata.deletionTimestamp && cluster !== undefined) collect(context, work, cluster);
    return undefined;
  });

  function onMember(member: string, { object, before }: StoredChange): void {
    const [name, space] = [annotation.workName, annotation.workNamespace].map(
      (key) => object.metadata.annotations?.[key] ?? before?.metadata.annotations?.[key],
    );
    if (name === undefined || space === undefined) return;
    const cluster = clusterOfSpace(space);
    if (clustersOfMember(context, member).some((each) => each === cluster)) queue.add(keyFor(space, name));
  }

  function readAnew(cluster: string): void {
    for (const work of federation.list(WORKS, { namespace: executionSpace(cluster) }))
      queue.add(keyOf(work), timings.watchResumeMs);
  }

  const stops = [
    ...Object.entries(world.members).map(([member, store]) =>
      store.watch((change) => onMember(member, change)),
    ),
    world.faults.onChange((fault, change) => {
      if (change === 'removed')
        for (const cluster of clustersOfMember(context, fault.target)) readAnew(cluster);
    }),
    inform(federation, [CLUSTERS], ({ object, before }) => {
      const ready = (of = object) => conditionOf(of.status?.conditions, 'Ready')?.status === 'True';
      if (ready() && !(before && ready(before))) readAnew(object.metadata.name);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function collect(context: Context, work: Work, cluster: string): void {
  const store = observedStore(context, cluster);
  const [manifest] = work.spec.workload.manifests;
  const type = store && manifest && typeOf(store, manifest.apiVersion, manifest.kind);
  if (!store || !manifest || !type || !clusterOf(context.federation, cluster)) return;
  const { namespace, name } = manifest.metadata;
  const applied = conditionOf(work.status?.conditions, 'Applied')?.status === 'True';
  // Not applied yet: that is the execution controller's to do.
  if (!applied && !store.get(type.resource, namespace, name)) return;
  if (applied && !work.spec.suspendDispatching)
    mend(context, work, () => applyManifest(store, work, manifest));
  const object = store.get(type.resource, namespace, name);
  if (!object || object.metadata.annotations?.[annotation.workName] !== work.metadata.name) return;
  const status = reportedStatus(object);
  const { group, version, kind } = type;
  const identifier = { ordinal: 0, group, version, kind, ...(namespace && { namespace }), name };
  const reported = { health: healthOf(object), identifier, ...(status && { status }) };
  context.federation.update(WORKS, work.metadata.namespace, work.metadata.name, (stored) => {
    if (!isDeepStrictEqual(stored.status?.manifestStatuses, [reported]))
      stored.status = { ...stored.status, manifestStatuses: [reported] };
  });
}

/** Somebody changed or deleted the member's object: it is brought back to what the Work says. */
function mend({ federation, clock }: Context, work: Work, bringBack: () => void): void {
  try {
    bringBack();
  } catch (error) {
    const condition: Condition = {
      type: 'Applied',
      status: 'False',
      reason: 'ReCreateFailed',
      message: (error as Error).message,
    };
    federation.update(WORKS, work.metadata.namespace, work.metadata.name, (stored) => {
      const conditions = withCondition(stored.status?.conditions, condition, timestamp(clock.now()));
      stored.status = { ...stored.status, conditions };
    });
    throw error;
  }
}

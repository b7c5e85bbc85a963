/** Works → members: applied, and applied again when somebody changes a member's object; removed with the Work. */
import { timestamp } from '../clock.ts';
import { clusterOf, WORKS } from './bindings.ts';
import { withCondition } from './conditions.ts';
import { type Context, Retry } from './context.ts';
import { inform, isNewGeneration } from './informer.ts';
import { isReady, memberStore } from './members/access.ts';
import { applyManifest } from './members/apply.ts';
import { clusterOfSpace, finalizer, label } from './names.ts';
import { createQueue, keyOf, splitKey } from './queue.ts';
import { typeOf } from './resource-type.ts';
import type { Condition } from './types.ts';
import type { Work } from './works.ts';

export function startExecution(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'execution', timings.executeMs, (key) => {
    const [namespace, name] = splitKey(key);
    const work = federation.get(WORKS, namespace, name) as Work | undefined;
    const cluster = clusterOfSpace(namespace);
    if (!work || cluster === undefined) return undefined;
    if (work.metadata.deletionTimestamp) removeFromMember(context, work, cluster);
    else if (!work.spec.suspendDispatching) applyToMember(context, work, cluster);
    return undefined;
  });
  const stops = [
    inform(federation, [WORKS], (change) => {
      if (change.type !== 'DELETED' && isNewGeneration(change)) queue.add(keyOf(change.object));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function applyToMember(context: Context, work: Work, cluster: string): void {
  const member = clusterOf(context.federation, cluster);
  if (!member || !isReady(member)) throw new Retry(`cluster(${cluster}) not ready`);
  try {
    const store = memberStore(context, cluster);
    for (const manifest of work.spec.workload.manifests) applyManifest(store, work, manifest);
    setApplied(context, work, {
      type: 'Applied',
      status: 'True',
      reason: 'AppliedSuccessful',
      message: 'Manifest has been successfully applied',
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const all = work.spec.workload.manifests.length;
    setApplied(context, work, {
      type: 'Applied',
      status: 'False',
      reason: 'AppliedFailed',
      message: `Failed to apply all manifests (0/${all}): ${error.message}`,
    });
    throw error;
  }
}

function setApplied({ federation, clock }: Context, { metadata }: Work, condition: Condition): void {
  federation.update(WORKS, metadata.namespace, metadata.name, (work) => {
    const conditions = withCondition(work.status?.conditions, condition, timestamp(clock.now()));
    work.status = { ...work.status, conditions };
  });
}

function removeFromMember(context: Context, work: Work, name: string): void {
  const { federation } = context;
  const cluster = clusterOf(federation, name);
  // A member that is being unjoined while it cannot be reached keeps what it runs.
  const abandoned = !cluster || (cluster.metadata.deletionTimestamp !== undefined && !isReady(cluster));
  if (!abandoned && !work.spec.preserveResourcesOnDeletion) {
    const store = memberStore(context, name);
    for (const manifest of work.spec.workload.manifests) {
      const { namespace, name: object } = manifest.metadata;
      const type = typeOf(store, manifest.apiVersion, manifest.kind);
      const there = type && store.get(type.resource, namespace, object);
      // What is not Karmada's stays: a collected slice is the member's own.
      if (type && there?.metadata.labels?.[label.managed] === 'true')
        store.remove(type.resource, namespace, object);
    }
  }
  federation.update(WORKS, work.metadata.namespace, work.metadata.name, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((each) => each !== finalizer.execution) ?? [];
  });
}

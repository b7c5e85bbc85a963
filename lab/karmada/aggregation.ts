/** Works' status → the binding's, and the sum of it → the template's own status on the federation. */
import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '../clock.ts';
import type { StoredChange } from '../kubernetes/store.ts';
import type { KubeObject } from '../store.ts';
import { BINDINGS, bindingOf, CLUSTER_BINDINGS, templateOf, updateBinding, WORKS } from './bindings.ts';
import { conditionOf, withCondition } from './conditions.ts';
import type { Context } from './context.ts';
import { worksOf } from './distribution.ts';
import { annotation, clusterOfSpace } from './names.ts';
import { createQueue, keyFor, keyOf } from './queue.ts';
import { typeOf } from './resource-type.ts';
import { summedStatus } from './template-status.ts';
import type { AggregatedStatusItem, Binding, Condition } from './types.ts';

export function startAggregation(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'binding-status', timings.aggregateMs, (key) => {
    const binding = bindingOf(federation, key);
    if (binding && !binding.metadata.deletionTimestamp) aggregate(context, key, binding);
    return undefined;
  });
  // A Work that is only marked for deletion changes nothing here, so a dead member's part stays in the sum.
  const stop = federation.watch((change) => {
    if (change.resource === WORKS && isReport(change)) queue.add(bindingKeyOf(change.object));
    else if ((change.resource === BINDINGS || change.resource === CLUSTER_BINDINGS) && isNewTemplate(change))
      queue.add(keyOf(change.object));
  });
  return () => {
    stop();
    queue.stop();
  };
}

function isReport({ type, object, before }: StoredChange): boolean {
  return type === 'DELETED' || !isDeepStrictEqual(object.status, before?.status);
}

function isNewTemplate({ type, object, before }: StoredChange): boolean {
  if (type !== 'MODIFIED' || !object.status?.lastScheduledTime) return false;
  return object.spec.resource.resourceVersion !== before?.spec.resource.resourceVersion;
}

function bindingKeyOf({ metadata: { annotations = {} } }: KubeObject): string {
  const name = annotations[annotation.bindingName];
  if (name !== undefined) return keyFor(annotations[annotation.bindingNamespace], name);
  return keyFor(undefined, annotations[annotation.clusterBindingName] ?? '');
}

function aggregate(context: Context, key: string, binding: Binding): void {
  const items = worksOf(context, binding)
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(itemOf)
    .sort((a, b) => (a.clusterName < b.clusterName ? -1 : 1));
  updateBinding(context.federation, key, (stored) => {
    const conditions = withCondition(
      stored.status?.conditions,
      fullyApplied(stored, items),
      timestamp(context.clock.now()),
    );
    stored.status = { ...stored.status, aggregatedStatus: items, conditions };
  });
  writeTemplateStatus(context, binding, items);
}

function itemOf(work: KubeObject): AggregatedStatusItem {
  const clusterName = clusterOfSpace(work.metadata.namespace) ?? '';
  const applied = conditionOf(work.status?.conditions, 'Applied');
  if (applied?.status !== 'True')
    return { clusterName, ...(applied && { appliedMessage: applied.message }), health: 'Unknown' };
  const [reported] = work.status?.manifestStatuses ?? [];
  return {
    clusterName,
    applied: true,
    health: reported?.health ?? 'Unknown',
    ...(reported?.status && { status: reported.status }),
  };
}

/** Every cluster it is on or being evicted from has reported that it is applied, and no other has. */
function fullyApplied({ spec }: Binding, items: readonly AggregatedStatusItem[]): Condition {
  const wanted = new Set((spec.clusters ?? []).map(({ name }) => name));
  for (const { clusters } of spec.requiredBy ?? []) for (const { name } of clusters) wanted.add(name);
  for (const task of spec.gracefulEvictionTasks ?? [])
    if (task.purgeMode !== 'Directly' && task.purgeMode !== 'Immediately') wanted.add(task.fromCluster);
  const all = wanted.size > 0 && wanted.size === items.length;
  return all && items.every((item) => item.applied && wanted.has(item.clusterName))
    ? {
        type: 'FullyApplied',
        status: 'True',
        reason: 'FullyAppliedSuccess',
        message: 'All works have been successfully applied',
      }
    : {
        type: 'FullyApplied',
        status: 'False',
        reason: 'FullyAppliedFailed',
        message: 'Failed to apply all works, see status.aggregatedStatus for details',
      };
}

function writeTemplateStatus({ federation }: Context, binding: Binding, items: AggregatedStatusItem[]): void {
  const template = templateOf(federation, binding);
  const type = template && typeOf(federation, template.apiVersion, template.kind);
  if (!template || !type) return;
  const status = summedStatus(template, items);
  if (!status || isDeepStrictEqual(status, template.status)) return;
  federation.update(type.resource, template.metadata.namespace, template.metadata.name, (stored) => {
    stored.status = status;
  });
}

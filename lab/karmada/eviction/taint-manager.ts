/**
 * The taint manager: a NoExecute taint on a Cluster evicts every binding of every tenant that does not tolerate it,
 * if both switches that allow it are on; no API shows them, and with either off nothing moves.
 */
import { allBindings, bindingOf, CLUSTERS, clusterOf, updateBinding } from '../bindings.ts';
import type { Context } from '../context.ts';
import { inform } from '../informer.ts';
import { annotation } from '../names.ts';
import { createQueue, keyOf } from '../queue.ts';
import { toleratedForMs } from '../taints.ts';
import type { Binding, ClusterObject, Placement } from '../types.ts';
import { evict } from './evict.ts';

export function startTaintManager(context: Context): () => void {
  const { federation, timings } = context;
  /** Keys are `cluster binding-key`. */
  const queue = createQueue(context, 'taint-manager', timings.evictMs, (key) => {
    const space = key.indexOf(' ');
    return consider(context, key.slice(0, space), key.slice(space + 1));
  });
  const stop = inform(federation, [CLUSTERS], ({ type, object }) => {
    if (type === 'DELETED' || !isOn(context) || !hasNoExecute(object as ClusterObject)) return;
    for (const binding of allBindings(federation))
      if (binding.spec.clusters?.some(({ name }) => name === object.metadata.name))
        queue.add(`${object.metadata.name} ${keyOf(binding)}`);
  });
  return () => {
    stop();
    queue.stop();
  };
}

function isOn({ settings }: Context): boolean {
  const { failover, noExecuteTaintEviction } = settings();
  return failover && noExecuteTaintEviction;
}

function hasNoExecute({ spec }: ClusterObject): boolean {
  return spec.taints?.some(({ effect }) => effect === 'NoExecute') ?? false;
}

function consider(context: Context, name: string, key: string): number | undefined {
  const { federation, clock } = context;
  const cluster = clusterOf(federation, name);
  const binding = bindingOf(federation, key);
  if (!cluster || !binding || binding.metadata.deletionTimestamp || !isOn(context)) return undefined;
  if (!hasNoExecute(cluster)) return undefined;
  const waitMs = toleratedForMs(cluster.spec.taints ?? [], tolerationsOf(binding), clock.now());
  if (waitMs > 0) return waitMs;
  updateBinding(federation, key, ({ spec }) =>
    evict(spec, name, {
      purgeMode: spec.failover?.cluster?.purgeMode ?? 'Gracefully',
      reason: 'TaintUntolerated',
      producer: 'TaintManager',
    }),
  );
  return undefined;
}

/** Of the placement that was applied, not of one that is still to be scheduled. */
function tolerationsOf({ metadata }: Binding): Placement['clusterTolerations'] & object {
  const applied = metadata.annotations?.[annotation.appliedPlacement];
  return (applied && (JSON.parse(applied) as Placement).clusterTolerations) || [];
}

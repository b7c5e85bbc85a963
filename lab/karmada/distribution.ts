/** Bindings → Works: one Work per cluster in its execution space, overridden for that cluster; orphans removed. */
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../store.ts';
import {
  allBindings,
  BINDINGS,
  bindingOf,
  CLUSTER_BINDINGS,
  clusterOf,
  templateOf,
  updateBinding,
  WORKS,
} from './bindings.ts';
import { type Context, Retry } from './context.ts';
import { inform, isNewGeneration } from './informer.ts';
import { annotation, clusterOfSpace, executionSpace, finalizer, label, workName } from './names.ts';
import { overridden } from './overrides/overrides.ts';
import { createQueue, keyOf } from './queue.ts';
import { setReplicas } from './replicas.ts';
import { isWorkload } from './scheduling/divide.ts';
import type { Binding, EvictionTask, TargetCluster } from './types.ts';
import { writeWork } from './works.ts';

const OVERRIDES = ['policy.karmada.io/overridepolicies', 'policy.karmada.io/clusteroverridepolicies'];

/** While Works purged directly are still there, nothing new is synced. */
const PURGE_CHECK_MS = 5000;

export function startDistribution(context: Context): () => void {
  const { federation, timings } = context;
  const queue = createQueue(context, 'binding', timings.distributeMs, (key) => sync(context, key), true);
  const stops = [
    inform(federation, [BINDINGS, CLUSTER_BINDINGS], (change) => {
      if (change.type !== 'DELETED' && isNewGeneration(change)) queue.add(keyOf(change.object));
    }),
    inform(federation, OVERRIDES, ({ object: { metadata } }) => {
      for (const binding of allBindings(federation))
        if (!metadata.namespace || metadata.namespace === binding.metadata.namespace)
          queue.add(keyOf(binding));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };
}

function sync(context: Context, key: string): number | undefined {
  const { federation } = context;
  const binding = bindingOf(federation, key);
  if (!binding) return undefined;
  if (!binding.metadata.deletionTimestamp) return distribute(context, binding);
  for (const work of worksOf(context, binding)) removeWork(context, work);
  const own: string[] = [finalizer.binding, finalizer.clusterBinding];
  updateBinding(federation, key, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((each) => !own.includes(each)) ?? [];
  });
  return undefined;
}

function distribute(context: Context, binding: Binding): number | undefined {
  const { federation } = context;
  const template = templateOf(federation, binding);
  if (!template || template.metadata.deletionTimestamp) return undefined;
  const targets = targetsOf(binding);
  const tasks = binding.spec.gracefulEvictionTasks ?? [];
  const stay = new Set([
    ...targets.map(({ name }) => name),
    ...tasks.filter((task) => !isPurgedDirectly(task)).map((task) => task.fromCluster),
  ]);
  const works = worksOf(context, binding);
  for (const work of works)
    if (!stay.has(clusterOfSpace(work.metadata.namespace) ?? '')) removeWork(context, work);
  const purged = new Set(tasks.filter(isPurgedDirectly).map((task) => task.fromCluster));
  if (worksOf(context, binding).some((work) => purged.has(clusterOfSpace(work.metadata.namespace) ?? '')))
    return PURGE_CHECK_MS;
  for (const target of targets) writeTarget(context, binding, template, target);
  return undefined;
}

/** Where it is scheduled, and where those that depend on it are. */
function targetsOf({ spec }: Binding): TargetCluster[] {
  const targets = [...(spec.clusters ?? [])];
  for (const { clusters } of spec.requiredBy ?? [])
    for (const { name } of clusters)
      if (!targets.some((target) => target.name === name)) targets.push({ name });
  return targets;
}

function isPurgedDirectly({ purgeMode }: EvictionTask): boolean {
  return purgeMode === 'Directly' || purgeMode === 'Immediately';
}

function writeTarget(context: Context, binding: Binding, template: KubeObject, target: TargetCluster): void {
  const cluster = clusterOf(context.federation, target.name);
  if (!cluster || cluster.metadata.deletionTimestamp) throw new Retry(`cluster ${target.name} is gone`);
  const { kind, name, namespace } = binding.spec.resource;
  const manifest = manifestOf(template);
  if (isWorkload(binding.spec)) setReplicas(manifest, target.replicas ?? 0);
  const applied = overridden(context.federation, manifest, cluster);
  const { idLabel, annotations } = identity(binding);
  const id = binding.metadata.labels?.[idLabel] ?? '';
  const { metadata } = manifest;
  metadata.labels = { ...metadata.labels, [idLabel]: id };
  metadata.annotations = {
    ...metadata.annotations,
    ...annotations,
    [annotation.templateGeneration]: String(template.metadata.generation ?? 0),
  };
  const resolution = binding.spec.conflictResolution === 'Overwrite' ? 'overwrite' : 'abort';
  writeWork(context.federation, {
    metadata: {
      name: workName(kind, name, namespace),
      namespace: executionSpace(target.name),
      labels: { [idLabel]: id, [label.workId]: randomUUID() },
      annotations: { ...annotations, ...applied, [annotation.conflictResolution]: resolution },
    },
    manifest,
    suspendDispatching: binding.spec.suspension?.dispatching ?? false,
    preserveOnDeletion: binding.spec.preserveResourcesOnDeletion ?? false,
  });
}

/** The template without what only the federation's API server knows of it. */
function manifestOf({ status: _status, ...template }: KubeObject): KubeObject {
  const { name, namespace, labels, annotations, uid = '' } = template.metadata;
  const manifest: KubeObject = structuredClone({
    ...template,
    metadata: {
      name,
      ...(namespace && { namespace }),
      labels: { ...labels },
      annotations: { ...annotations, [annotation.templateUid]: uid },
    },
  });
  // Each API server gives a Service an address of its own.
  if (template.kind === 'Service' && manifest.spec.clusterIP !== 'None') {
    delete manifest.spec.clusterIP;
    delete manifest.spec.clusterIPs;
  }
  return manifest;
}

function identity({ metadata: { name, namespace } }: Binding): {
  idLabel: string;
  annotations: Record<string, string>;
} {
  if (!namespace)
    return { idLabel: label.clusterBindingId, annotations: { [annotation.clusterBindingName]: name } };
  const annotations = { [annotation.bindingNamespace]: namespace, [annotation.bindingName]: name };
  return { idLabel: label.bindingId, annotations };
}

/** By its permanent id: an object of the same name that is created later does not inherit Works. */
export function worksOf({ federation }: Context, binding: Binding): KubeObject[] {
  const { idLabel } = identity(binding);
  return federation.list(WORKS, { labels: { [idLabel]: binding.metadata.labels?.[idLabel] ?? '' } });
}

function removeWork({ federation }: Context, { metadata }: KubeObject): void {
  if (!metadata.deletionTimestamp) federation.remove(WORKS, metadata.namespace, metadata.name);
}

/** Pods as a drill sees them, and how they are made to go. */
import type { Evicted, Pod, PodFilter, Resources } from '../../activities/ports/member.ts';
import type { KubeObject, Observer } from '../../activities/ports/plane.ts';
import { accept } from './answer.ts';
import type { KubeApi } from './api.ts';
import { resourcePath } from './paths.ts';
import { millicores, quantity } from './quantity.ts';
import { type Watched, watchObjects } from './watch.ts';

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

function podsOf(filter: PodFilter): Watched {
  const labels = Object.entries(filter.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    path: resourcePath('v1', 'pods', filter.namespace),
    object: 'pods',
    query: { labelSelector: labels.length > 0 ? labels.join(',') : undefined },
  };
}

export async function listPods(api: KubeApi, filter: PodFilter, signal: AbortSignal): Promise<Pod[]> {
  const { path, object, query = {} } = podsOf(filter);
  const asked = { verb: 'list', object };
  const answer = await api.send(asked, { method: 'GET', path, query }, signal);
  return (accept(answer, { plane: api.name, ...asked }).items as KubeObject[]).map(toPod);
}

export function watchPods(
  api: KubeApi,
  filter: PodFilter,
  observer: Observer<Pod[]>,
  signal: AbortSignal,
): Promise<void> {
  const seen = (objects: KubeObject[]) => observer.seen(objects.map(toPod));
  return watchObjects(api, podsOf(filter), { seen, trouble: observer.trouble }, signal);
}

export async function evictPod(
  api: KubeApi,
  pod: Pod,
  options: { mode: 'evict' | 'delete'; gracePeriodSeconds?: number },
  signal: AbortSignal,
): Promise<Evicted> {
  const { mode, ...grace } = options;
  const preconditions = { uid: pod.uid };
  const deleteOptions = { ...grace, preconditions };
  const path = resourcePath('v1', 'pods', pod.namespace, pod.name);
  const asked = { verb: mode, object: `Pod ${pod.namespace}/${pod.name}` };
  const answer = await api.send(
    asked,
    mode === 'delete'
      ? { method: 'DELETE', path, body: { apiVersion: 'v1', kind: 'DeleteOptions', ...deleteOptions } }
      : {
          method: 'POST',
          path: `${path}/eviction`,
          blocking: true,
          body: {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: pod.name, namespace: pod.namespace },
            deleteOptions,
          },
        },
    signal,
  );
  // 409: another pod has this name by now, so the one we meant is gone.
  if (answer.status === 404 || answer.status === 409) return { outcome: 'gone' };
  if (answer.status === 429)
    return { outcome: 'blocked', why: answer.body?.message ?? 'a disruption budget' };
  accept(answer, { plane: api.name, ...asked });
  return { outcome: 'evicted' };
}

/** Of its only container. A log that is JSON as a whole comes as the transport has read it: written again. */
export async function podLogs(
  api: KubeApi,
  pod: Pick<Pod, 'namespace' | 'name'>,
  signal: AbortSignal,
): Promise<string> {
  const path = `${resourcePath('v1', 'pods', pod.namespace, pod.name)}/log`;
  const asked = { verb: 'get', object: `the log of Pod ${pod.namespace}/${pod.name}` };
  const log: unknown = accept(await api.send(asked, { method: 'GET', path }, signal), {
    plane: api.name,
    ...asked,
  });
  return typeof log === 'string' ? log : JSON.stringify(log);
}

function toPod(object: KubeObject): Pod {
  const { metadata } = object;
  const spec = object['spec'] ?? {};
  const status = object['status'] ?? {};
  const conditions: { type: string; status: string; lastTransitionTime?: string }[] = status.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === 'Ready' && condition.status === 'True');
  const scheduled = conditions.find((condition) => condition.type === 'PodScheduled');
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  const startupMs =
    Date.parse(ready?.lastTransitionTime ?? '') - Date.parse(scheduled?.lastTransitionTime ?? '');
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    phase: status.phase ?? 'Pending',
    ready: ready !== undefined && metadata.deletionTimestamp === undefined,
    terminating: metadata.deletionTimestamp !== undefined,
    labels: metadata.labels ?? {},
    mirror: metadata.annotations?.[MIRROR_ANNOTATION] !== undefined,
    requests: requestsOf(spec.containers ?? []),
    ...(spec.nodeName ? { node: spec.nodeName } : {}),
    ...(owner ? { owner: { kind: owner.kind, name: owner.name } } : {}),
    ...(Number.isFinite(startupMs) ? { startupMs } : {}),
  };
}

function requestsOf(
  containers: { resources?: { requests?: { cpu?: string; memory?: string } } }[],
): Resources {
  const sum = { cpu: 0, memory: 0 };
  for (const { resources } of containers) {
    sum.cpu += millicores(resources?.requests?.cpu);
    sum.memory += quantity(resources?.requests?.memory);
  }
  return sum;
}

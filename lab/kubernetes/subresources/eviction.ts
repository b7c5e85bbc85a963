/** pods/eviction: a deletion that the PodDisruptionBudgets may refuse. */

import { timestamp } from '../../clock.ts';
import type { KubeObject } from '../../store.ts';
import { checkPreconditions } from '../admission.ts';
import { setCondition } from '../controllers/conditions.ts';
import type { Deletion } from '../deletion.ts';
import { isObject } from '../patch/json.ts';
import type { Plane, Reply } from '../plane.ts';
import { find } from '../read.ts';
import type { ApiRequest } from '../request.ts';
import { matchesLabels } from '../selectors.ts';
import { badRequest, StatusError } from '../status-error.ts';
import type { MemoryStore } from '../store.ts';
import { storeFor } from '../write.ts';

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

export function isReady(pod: KubeObject): boolean {
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** The budget does not count a pod that does not run or is on its way out. */
function isOutsideBudgets({ metadata, status }: KubeObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined || ['Pending', 'Succeeded', 'Failed'].includes(status?.phase)
  );
}

function violation(budget: KubeObject): StatusError {
  const { desiredHealthy, currentHealthy } = budget.status;
  const message = `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: 'DisruptionBudget', message }] },
  );
}

function stillProcessed(budget: KubeObject): StatusError {
  const message = `The disruption budget ${budget.metadata.name} is still being processed by the server.`;
  return new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: 'DisruptionBudget', message }], retryAfterSeconds: 10 },
  );
}

/** Takes one disruption off the budget, before the controller has seen the pod go. */
function spend(store: MemoryStore, pod: KubeObject, budget: KubeObject, time: string): void {
  const { metadata, status } = budget;
  if (status?.observedGeneration !== metadata.generation) throw stillProcessed(budget);
  const enough = status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
  const always = budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow';
  if (!isReady(pod) && (enough || always)) return;
  if (status.disruptionsAllowed <= 0) throw violation(budget);
  store.update('policy/poddisruptionbudgets', metadata.namespace, metadata.name, (draft) => {
    draft.status.disruptionsAllowed -= 1;
    draft.status.disruptedPods = { ...draft.status.disruptedPods, [pod.metadata.name]: time };
  });
}

/** What tells a controller, and a person, that the pod did not end by itself. */
function markTarget(pod: KubeObject, { clock }: Plane): void {
  const mark = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    lastProbeTime: null,
  } as const;
  setCondition(pod, { ...mark, message: 'Eviction API: evicting' }, clock.now());
}

export function evict(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const asked = isObject(request.body) ? request.body : {};
  if ((isObject(asked.metadata) ? asked.metadata.name : undefined) !== request.target.name)
    throw badRequest('name in URL does not match name in Eviction object');
  const pod = find(store, request);
  const { name, namespace, labels } = pod.metadata;
  if (!isOutsideBudgets(pod)) {
    const budgets = store
      .list('policy/poddisruptionbudgets', { namespace: namespace as string })
      .filter((budget) => matchesLabels(budget.spec.selector, labels));
    if (budgets.length > 1)
      throw new StatusError(
        500,
        undefined,
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    for (const budget of budgets) spend(store, pod, budget, timestamp(plane.clock.now()));
  }
  const options = isObject(asked.deleteOptions) ? asked.deleteOptions : {};
  checkPreconditions('Pod', pod, isObject(options.preconditions) ? options.preconditions : {});
  store.update('core/pods', namespace, name, (draft) => markTarget(draft, plane));
  store.remove('core/pods', namespace, name, options as Deletion);
  return { code: 201, body: success };
}

/** disruption: how many pods each PodDisruptionBudget can spare. */
import type { KubeObject } from '../../store.ts';
import { matchesLabels } from '../selectors.ts';
import { isTrue, setCondition } from './conditions.ts';
import { type Cluster, type Controller, keyOf, keysOf, parseKey } from './controller.ts';
import { isActive } from './replicaset.ts';
import { resolve } from './rollout.ts';

const BUDGETS = 'policy/poddisruptionbudgets';

/** An eviction that nobody saw carried out is forgotten after two minutes. */
const FORGET_MS = 120_000;

function covers(budget: KubeObject, pod: KubeObject): boolean {
  return (
    budget.metadata.namespace === pod.metadata.namespace &&
    matchesLabels(budget.spec.selector, pod.metadata.labels)
  );
}

export function disruptionController({ store, clock }: Cluster): Controller {
  /** What the pods' ReplicaSets want in sum; a pod that nobody controls is not counted. */
  function wantedBy(pods: KubeObject[]): number {
    const owners = new Map<string, number>();
    for (const { metadata } of pods) {
      const owner = metadata.ownerReferences?.find((each) => each.controller);
      if (owner === undefined) continue;
      const set = store.get('apps/replicasets', metadata.namespace, owner.name);
      owners.set(owner.uid, set ? set.spec.replicas : 1);
    }
    return [...owners.values()].reduce((total, replicas) => total + replicas, 0);
  }

  function arithmetic({ minAvailable, maxUnavailable }: KubeObject['spec'], pods: KubeObject[]) {
    if (maxUnavailable !== undefined) {
      const expected = wantedBy(pods);
      return { expected, desired: Math.max(0, expected - resolve(maxUnavailable, expected, Math.ceil)) };
    }
    const expected = typeof minAvailable === 'string' ? wantedBy(pods) : pods.length;
    return { expected, desired: resolve(minAvailable, expected, Math.ceil) };
  }

  /** Evictions that were let through and whose pods are still there. */
  function stillDisrupted(budget: KubeObject, pods: KubeObject[]): Record<string, string> {
    const entries = Object.entries((budget.status?.disruptedPods ?? {}) as Record<string, string>);
    return Object.fromEntries(
      entries.filter(([name, time]) => {
        const pod = pods.find((each) => each.metadata.name === name);
        return pod && isActive(pod) && clock.now() - Date.parse(time) < FORGET_MS;
      }),
    );
  }

  return {
    name: 'disruption',
    all: () => keysOf(store, BUDGETS),
    *wakes({ resource, object, before }) {
      if (resource === BUDGETS) yield keyOf(object);
      if (resource !== 'core/pods') return;
      for (const budget of store.peek(BUDGETS))
        if (covers(budget, object) || (before && covers(budget, before))) yield keyOf(budget);
    },
    reconcile(key) {
      const budget = store.get(BUDGETS, ...parseKey(key));
      if (budget === undefined) return undefined;
      const pods = [...store.peek('core/pods')].filter((pod) => covers(budget, pod) && isActive(pod));
      const disrupted = stillDisrupted(budget, pods);
      const healthy = pods.filter((pod) => isTrue(pod, 'Ready') && !(pod.metadata.name in disrupted)).length;
      const { expected, desired } = arithmetic(budget.spec, pods);
      const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
      store.update(BUDGETS, ...parseKey(key), (draft) => {
        draft.status = {
          observedGeneration: budget.metadata.generation,
          disruptionsAllowed: allowed,
          currentHealthy: healthy,
          desiredHealthy: desired,
          expectedPods: expected,
          ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
          conditions: draft.status?.conditions ?? [],
        };
        setCondition(
          draft,
          {
            type: 'DisruptionAllowed',
            ...(allowed > 0
              ? { status: 'True' as const, reason: 'SufficientPods' }
              : { status: 'False' as const, reason: 'InsufficientPods' }),
            message: '',
            ...(budget.metadata.generation !== undefined && {
              observedGeneration: budget.metadata.generation,
            }),
          },
          clock.now(),
        );
      });
      return Object.keys(disrupted).length > 0 ? FORGET_MS : undefined;
    },
  };
}

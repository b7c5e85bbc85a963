/** deployment: a ReplicaSet for each pod template, scaled by the rollout's strategy. */
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../store.ts';
import { setCondition } from './conditions.ts';
import {
  type Cluster,
  type Controller,
  controlledBy,
  keyOf,
  keysOf,
  ownedBy,
  ownersOf,
  parseKey,
} from './controller.ts';
import { rollout } from './rollout.ts';

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** The alphabet Kubernetes uses in generated names: no vowels, nothing that looks alike. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

function canonical(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, inner]) => [field, canonical(inner)]),
  );
}

function templateHash(template: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonical(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => SAFE[byte % SAFE.length]).join('');
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

export function deploymentController({ store, clock }: Cluster): Controller {
  function newSet(deployment: KubeObject, hash: string, revision: number): KubeObject {
    const { metadata, spec } = deployment;
    const labels = { ...spec.template.metadata?.labels, [HASH]: hash };
    const selector = { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH]: hash } };
    return store.create('apps/replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace as string,
        labels,
        annotations: { [REVISION]: String(revision) },
        ownerReferences: controlledBy(deployment),
      },
      spec: {
        replicas: 0,
        selector,
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
    });
  }

  function scale(set: KubeObject, replicas: number): void {
    if (set.spec.replicas === replicas) return;
    store.update('apps/replicasets', set.metadata.namespace, set.metadata.name, (draft) => {
      draft.spec.replicas = replicas;
    });
  }

  function forgetOld(deployment: KubeObject, old: KubeObject[]): void {
    const idle = old
      .filter((set) => set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0)
      .sort((a, b) => revisionOf(b) - revisionOf(a));
    for (const { metadata } of idle.slice(deployment.spec.revisionHistoryLimit ?? 10))
      store.remove('apps/replicasets', metadata.namespace, metadata.name);
  }

  function writeStatus(
    deployment: KubeObject,
    current: KubeObject,
    sets: KubeObject[],
    revision: number,
  ): void {
    const sum = (field: string) => sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
    const wanted = deployment.spec.replicas as number;
    const available = sum('availableReplicas');
    const updated = current.status?.replicas ?? 0;
    store.update('apps/deployments', deployment.metadata.namespace, deployment.metadata.name, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: String(revision) };
      draft.status = {
        observedGeneration: deployment.metadata.generation,
        ...counts({
          replicas: sum('replicas'),
          updatedReplicas: updated,
          readyReplicas: sum('readyReplicas'),
          availableReplicas: available,
          unavailableReplicas: Math.max(0, Math.max(wanted, sum('replicas')) - available),
        }),
        conditions: draft.status?.conditions ?? [],
      };
      const { maxUnavailable } = rollout(draft.spec);
      const enough = available >= wanted - maxUnavailable;
      const now = clock.now();
      setCondition(
        draft,
        enough ? { type: 'Available', ...minimum(true) } : { type: 'Available', ...minimum(false) },
        now,
      );
      const complete = updated === wanted && available === wanted && sum('replicas') === wanted;
      setCondition(draft, { type: 'Progressing', ...progress(complete, current.metadata.name) }, now);
    });
  }

  /** While it is paused nothing new is rolled out: only that it was seen is told. */
  function pausedStatus({ metadata }: KubeObject): undefined {
    store.update('apps/deployments', metadata.namespace, metadata.name, (draft) => {
      draft.status = { ...draft.status, observedGeneration: metadata.generation };
    });
  }

  return {
    name: 'deployment',
    all: () => keysOf(store, 'apps/deployments'),
    *wakes({ resource, object }) {
      if (resource === 'apps/deployments') yield keyOf(object);
      if (resource === 'apps/replicasets') yield* ownersOf(object, 'Deployment');
    },
    reconcile(key) {
      const deployment = store.get('apps/deployments', ...parseKey(key));
      if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return undefined;
      const hash = templateHash(deployment.spec.template);
      const sets = ownedBy(store, 'apps/replicasets', deployment);
      const newest = Math.max(0, ...sets.map(revisionOf));
      const found = sets.find((set) => set.metadata.labels?.[HASH] === hash);
      if (found === undefined && deployment.spec.paused === true) return pausedStatus(deployment);
      const current = found ?? newSet(deployment, hash, newest + 1);
      const old = sets.filter((set) => set !== found);
      const revision = found && revisionOf(found) === newest ? newest : newest + 1;
      if (revisionOf(current) !== revision)
        store.update('apps/replicasets', current.metadata.namespace, current.metadata.name, (draft) => {
          draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: String(revision) };
        });
      for (const [set, replicas] of rollout(deployment.spec).next(current, old)) scale(set, replicas);
      forgetOld(deployment, old);
      writeStatus(deployment, current, [current, ...old], revision);
      return undefined;
    },
  };
}

/** Counters of zero are left out, as Go's omitempty does. */
export function counts(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0));
}

function minimum(enough: boolean) {
  return enough
    ? {
        status: 'True' as const,
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        status: 'False' as const,
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progress(complete: boolean, set: string) {
  return complete
    ? {
        status: 'True' as const,
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${set}" has successfully progressed.`,
      }
    : {
        status: 'True' as const,
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${set}" is progressing.`,
      };
}

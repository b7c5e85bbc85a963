/** Deployments and disruption budgets of a member. */
import type { Deployment, DisruptionBudget } from '../../activities/ports/member.ts';
import type { KubeObject, ObjectRef, Observer, Plane } from '../../activities/ports/plane.ts';
import type { KubeApi } from './api.ts';
import { resourcePath } from './paths.ts';
import { watchObjects } from './watch.ts';

export const deploymentRef = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
});

export async function readDeployment(
  plane: Plane,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Deployment | undefined> {
  const object = await plane.read(deploymentRef(namespace, name), signal);
  return object && toDeployment(object);
}

export function watchDeployment(
  api: KubeApi,
  namespace: string,
  name: string,
  observer: Observer<Deployment | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const watched = {
    path: resourcePath('apps/v1', 'deployments', namespace),
    object: `Deployment ${namespace}/${name}`,
    query: { fieldSelector: `metadata.name=${name}` },
  };
  const seen = (objects: KubeObject[]) => {
    const found = objects.find((object) => object.metadata.name === name);
    observer.seen(found && toDeployment(found));
  };
  return watchObjects(api, watched, { seen, trouble: observer.trouble }, signal);
}

function toDeployment(object: KubeObject): Deployment {
  const spec = object['spec'] ?? {};
  const status = object['status'] ?? {};
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    replicas: spec.replicas ?? 1,
    ready: status.readyReplicas ?? 0,
    observed: (status.observedGeneration ?? 0) >= (object.metadata.generation ?? 0),
    selector: spec.selector?.matchLabels ?? {},
    object,
  };
}

export async function listBudgets(plane: Plane, signal: AbortSignal): Promise<DisruptionBudget[]> {
  return (await plane.list('policy/v1', 'PodDisruptionBudget', signal)).map((object) => {
    const { minAvailable, maxUnavailable, selector } = object['spec'] ?? {};
    const status = object['status'] ?? {};
    return {
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      selector: selector?.matchLabels ?? {},
      healthy: status.currentHealthy ?? 0,
      desiredHealthy: status.desiredHealthy ?? 0,
      expected: status.expectedPods ?? 0,
      allowed: status.disruptionsAllowed ?? 0,
      ...(minAvailable === undefined ? {} : { minAvailable: String(minAvailable) }),
      ...(maxUnavailable === undefined ? {} : { maxUnavailable: String(maxUnavailable) }),
    };
  });
}

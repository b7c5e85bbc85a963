/** A tenant that is none of the drill's business: a NoExecute taint or a drain of its cluster hits it all the same. */
import type { MemoryStore } from '../kubernetes/store.ts';
import type { KubeObject } from '../store.ts';
import type { World } from '../world.ts';
import { CLUSTERS, clusterOf } from './bindings.ts';
import { isReady } from './members/access.ts';
import { POLICIES } from './policies.ts';

const NAMESPACE = 'billing';
/** Where the tenant lives: it is seeded when both are joined and Ready. */
export const CLUSTER_NAMES = ['aks1', 'aks2'];

/** Seeds it once, as soon as both of its clusters are joined and Ready. Returns how to call that off. */
export function seedSecondTenant({ federation }: World): () => void {
  let stop = () => {};
  const seed = () => {
    if (!CLUSTER_NAMES.every((name) => takesWork(federation, name))) return;
    stop();
    if (federation.get('core/namespaces', undefined, NAMESPACE)) return;
    const [namespace, workload, itsPolicy] = tenantObjects();
    federation.create('core/namespaces', namespace);
    federation.create('apps/deployments', workload);
    federation.create(POLICIES, itsPolicy);
  };
  stop = federation.watch(({ resource }) => {
    if (resource === CLUSTERS) seed();
  });
  seed();
  return () => stop();
}

export function tenantObjects(): [namespace: KubeObject, deployment: KubeObject, policy: KubeObject] {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  return [namespace, deployment(), policy()];
}

function takesWork(federation: MemoryStore, name: string): boolean {
  const cluster = clusterOf(federation, name);
  return cluster !== undefined && isReady(cluster) && !cluster.spec.taints?.length;
}

function deployment(): KubeObject {
  const labels = { app: 'invoices' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: NAMESPACE, name: 'invoices', labels },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'invoices',
              image: 'nginxdemos/hello:plain-text',
              resources: { requests: { cpu: '100m', memory: '64Mi' } },
            },
          ],
        },
      },
    },
  };
}

function policy(): KubeObject {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { namespace: NAMESPACE, name: 'invoices' },
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'invoices' }],
      placement: {
        clusterAffinity: { clusterNames: CLUSTER_NAMES },
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: {
            staticWeightList: CLUSTER_NAMES.map((name) => ({
              targetCluster: { clusterNames: [name] },
              weight: 1,
            })),
          },
        },
      },
    },
  };
}

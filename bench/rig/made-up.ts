/** Objects as Karmada writes them, of clusters that are none. */
export const NAMESPACE = 'bench-members';

const at = '2026-01-01T00:00:00Z';

export const clusterOf = (name: string) => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { syncMode: 'Push', apiEndpoint: 'https://127.0.0.1:1' },
});

/** As large as a real one: the kinds that an API server of Kubernetes 1.35 has. */
export const clusterStatus = () => ({
  kubernetesVersion: 'v1.35.4',
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'ClusterReady',
      message: 'cluster is healthy',
      lastTransitionTime: at,
    },
  ],
  nodeSummary: { totalNum: 3, readyNum: 3 },
  apiEnablements: Array.from({ length: 24 }, (_, group) => ({
    groupVersion: `group-${group}.example.com/v1`,
    resources: Array.from({ length: 4 }, (__, kind) => ({
      kind: `Kind${group}${kind}`,
      name: `kinds${group}${kind}`,
    })),
  })),
});

export const deploymentOf = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'hello', image: 'none' }] },
    },
  },
});

/** One replica on each, by equal static weights. */
export const bindingOf = (workload: string, names: string[]) => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: `${workload}-deployment`, namespace: NAMESPACE },
  spec: {
    resource: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: NAMESPACE,
      name: workload,
      uid: workload,
    },
    replicas: names.length,
    clusters: names.map((name) => ({ name, replicas: 1 })),
    placement: {
      clusterAffinity: { clusterNames: names },
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: {
          staticWeightList: names.map((name) => ({ targetCluster: { clusterNames: [name] }, weight: 1 })),
        },
      },
    },
  },
});

export const bindingStatusOf = (names: string[], generation: number) => ({
  schedulerObservedGeneration: generation,
  conditions: [
    { type: 'Scheduled', status: 'True', reason: 'Success', message: '', lastTransitionTime: at },
    {
      type: 'FullyApplied',
      status: 'True',
      reason: 'FullyAppliedSuccess',
      message: '',
      lastTransitionTime: at,
    },
  ],
  aggregatedStatus: names.map((clusterName) => ({
    clusterName,
    applied: true,
    health: 'Healthy',
    status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1 },
  })),
});

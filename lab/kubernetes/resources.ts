/** The one table of resources the lab's API servers know; custom resources join it when their CRD is stored. */
import type { ObjectReader, Resource } from '../store.ts';

export interface ResourceType {
  resource: Resource;
  /** '' is the core group. */
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  /** status, scale, eviction, token. */
  subresources: string[];
  /** Whether metadata.generation is kept. */
  generation: boolean;
  /** Came from a CRD: strategic merge patches are refused, any field is kept. */
  custom: boolean;
}

/** plural, kind, scope (n = namespaced, c = cluster), short names, subresources; `*` = keeps metadata.generation. */
type Row = [
  plural: string,
  kind: string,
  scope: 'n' | 'c' | 'n*' | 'c*',
  short?: string,
  subresources?: string,
];

const kubernetes: Record<string, Row[]> = {
  '/v1': [
    ['namespaces', 'Namespace', 'c', 'ns', 'status finalize'],
    ['nodes', 'Node', 'c', 'no', 'status'],
    ['pods', 'Pod', 'n*', 'po', 'status eviction binding'],
    ['services', 'Service', 'n', 'svc', 'status'],
    ['endpoints', 'Endpoints', 'n', 'ep'],
    ['secrets', 'Secret', 'n'],
    ['configmaps', 'ConfigMap', 'n', 'cm'],
    ['serviceaccounts', 'ServiceAccount', 'n', 'sa', 'token'],
    ['events', 'Event', 'n', 'ev'],
  ],
  'apps/v1': [
    ['deployments', 'Deployment', 'n*', 'deploy', 'status scale'],
    ['replicasets', 'ReplicaSet', 'n*', 'rs', 'status scale'],
    ['daemonsets', 'DaemonSet', 'n*', 'ds', 'status'],
  ],
  'batch/v1': [['jobs', 'Job', 'n*', '', 'status']],
  'discovery.k8s.io/v1': [['endpointslices', 'EndpointSlice', 'n*']],
  'policy/v1': [['poddisruptionbudgets', 'PodDisruptionBudget', 'n*', 'pdb', 'status']],
  'networking.k8s.io/v1': [
    ['ingresses', 'Ingress', 'n*', 'ing', 'status'],
    ['ingressclasses', 'IngressClass', 'c*'],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['roles', 'Role', 'n'],
    ['rolebindings', 'RoleBinding', 'n'],
    ['clusterroles', 'ClusterRole', 'c'],
    ['clusterrolebindings', 'ClusterRoleBinding', 'c'],
  ],
  'coordination.k8s.io/v1': [['leases', 'Lease', 'n']],
  'apiextensions.k8s.io/v1': [
    ['customresourcedefinitions', 'CustomResourceDefinition', 'c*', 'crd crds', 'status'],
  ],
};

const karmada: Record<string, Row[]> = {
  'cluster.karmada.io/v1alpha1': [['clusters', 'Cluster', 'c*', '', 'status']],
  'policy.karmada.io/v1alpha1': [
    ['propagationpolicies', 'PropagationPolicy', 'n*', 'pp'],
    ['clusterpropagationpolicies', 'ClusterPropagationPolicy', 'c*', 'cpp'],
    ['overridepolicies', 'OverridePolicy', 'n*', 'op'],
    ['clusteroverridepolicies', 'ClusterOverridePolicy', 'c*', 'cop'],
    ['clustertaintpolicies', 'ClusterTaintPolicy', 'c*'],
  ],
  'work.karmada.io/v1alpha2': [
    ['resourcebindings', 'ResourceBinding', 'n*', 'rb', 'status'],
    ['clusterresourcebindings', 'ClusterResourceBinding', 'c*', 'crb', 'status'],
  ],
  'work.karmada.io/v1alpha1': [['works', 'Work', 'n*', 'wk', 'status']],
  'networking.karmada.io/v1alpha1': [['multiclusterservices', 'MultiClusterService', 'n*', 'mcs', 'status']],
  'apps.karmada.io/v1alpha1': [['workloadrebalancers', 'WorkloadRebalancer', 'c*', '', 'status']],
};

function words(text = ''): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function resourceType(groupVersion: string, [plural, kind, scope, short, subresources]: Row): ResourceType {
  const [group = '', version = ''] = groupVersion.split('/');
  return {
    resource: `${group || 'core'}/${plural}`,
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: scope.startsWith('n'),
    shortNames: words(short),
    subresources: words(subresources),
    generation: scope.endsWith('*'),
    custom: false,
  };
}

function read(table: Record<string, Row[]>): ResourceType[] {
  return Object.entries(table).flatMap(([groupVersion, rows]) =>
    rows.map((row) => resourceType(groupVersion, row)),
  );
}

export const kubernetesTypes: ResourceType[] = read(kubernetes);
export const karmadaTypes: ResourceType[] = read(karmada);

const withoutGeneration = new Set(
  kubernetesTypes.filter((type) => !type.generation).map((type) => type.resource),
);

export function keepsGeneration(resource: Resource): boolean {
  return !withoutGeneration.has(resource);
}

/** The resources that stored CustomResourceDefinitions add, one entry a served version. */
export function customTypes(store: ObjectReader): ResourceType[] {
  return store.list('apiextensions.k8s.io/customresourcedefinitions').flatMap(({ spec }) =>
    (spec.versions as { name: string; served: boolean; subresources?: object }[])
      .filter((version) => version.served)
      .map((version) => ({
        resource: `${spec.group}/${spec.names.plural}`,
        group: spec.group,
        version: version.name,
        plural: spec.names.plural,
        singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
        kind: spec.names.kind,
        namespaced: spec.scope === 'Namespaced',
        shortNames: spec.names.shortNames ?? [],
        subresources: Object.keys(version.subresources ?? {}),
        generation: true,
        custom: true,
      })),
  );
}

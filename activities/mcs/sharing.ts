/** The objects on the federation that share one Service between clusters. Pure. */
import type { KubeObject, ObjectRef } from '../ports/plane.ts';
import type { By } from './inputs.ts';

const MCS = 'multicluster.x-k8s.io/v1alpha1';
const NETWORKING = 'networking.karmada.io/v1alpha1';
const POLICY = 'policy.karmada.io/v1alpha1';

/** A type, so that it is JSON to the compiler: it stands in snapshots. */
export type Sharing = {
  namespace: string;
  service: string;
  by: By;
  /** Members whose pods stand behind it. */
  from: string[];
  /** Members that get to know it. */
  to: string[];
  /** Members that lacked the multi-cluster APIs and get them with it. */
  apis: string[];
};

export const API_VERSION = MCS;
export const CRD_NAMES = ['serviceexports.multicluster.x-k8s.io', 'serviceimports.multicluster.x-k8s.io'];
export const API_POLICY = 'firedrill-multicluster-apis';

/** A ServiceExport has nothing else to be known by: its managed fields would not name us. */
const OURS = { 'app.kubernetes.io/managed-by': 'firedrill' };

export const crdRef = (name: string): ObjectRef => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name,
});

/** What carries a CRD to members, as Karmada names it. */
export const crdBindingRef = (name: string): ObjectRef => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ClusterResourceBinding',
  name: `${name}-customresourcedefinition`,
});

export const derivedName = (service: string): string => `derived-${service}`;

/** The name that clients ask for. */
export function clusterSetName({
  namespace,
  service,
  by,
}: Pick<Sharing, 'namespace' | 'service' | 'by'>): string {
  const zone = by === 'service-import' ? 'clusterset' : 'cluster';
  return `${service}.${namespace}.svc.${zone}.local`;
}

/**
 * A NoExecute taint would take the CRDs away, every object of theirs with them, and of those not all would come back
 * by themselves.
 */
const placement = (clusterNames: string[]) => ({
  clusterAffinity: { clusterNames },
  clusterTolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
});

/** The members without the APIs, in a policy of its own; none when all have them. */
export function apiPolicy({ apis }: Pick<Sharing, 'apis'>): KubeObject[] {
  if (apis.length === 0) return [];
  return [
    {
      apiVersion: POLICY,
      kind: 'ClusterPropagationPolicy',
      metadata: { name: API_POLICY, labels: OURS },
      spec: {
        resourceSelectors: CRD_NAMES.map(crdRef),
        placement: placement(apis),
      },
    },
  ];
}

/** What makes the members' pods known to the federation. */
export function exporting({ namespace, service, by, from, to }: Sharing): KubeObject[] {
  const metadata = { namespace, name: service, labels: OURS };
  if (by === 'multi-cluster-service')
    return [
      {
        apiVersion: NETWORKING,
        kind: 'MultiClusterService',
        metadata,
        spec: {
          types: ['CrossCluster'],
          providerClusters: from.map((name) => ({ name })),
          consumerClusters: to.map((name) => ({ name })),
        },
      },
    ];
  return [
    { apiVersion: MCS, kind: 'ServiceExport', metadata },
    policy('ServiceExport', namespace, service, from),
  ];
}

/** What makes them known to other members. */
export function importing({ namespace, service, by, to }: Sharing, ports: ServicePort[]): KubeObject[] {
  if (by === 'multi-cluster-service') return [];
  const spec = { type: 'ClusterSetIP', ports };
  return [
    { apiVersion: MCS, kind: 'ServiceImport', metadata: { namespace, name: service, labels: OURS }, spec },
    policy('ServiceImport', namespace, service, to),
  ];
}

export type ServicePort = { port: number; protocol: string; name?: string; appProtocol?: string };

/** As a ServiceImport takes them: without target ports, which the slices have. */
export function portsOf(service: KubeObject): ServicePort[] {
  const ports: Partial<ServicePort>[] = service['spec']?.ports ?? [];
  return ports.map(({ name, port = 0, protocol = 'TCP', appProtocol }) => ({
    ...(name !== undefined && { name }),
    port,
    protocol,
    ...(appProtocol !== undefined && { appProtocol }),
  }));
}

export const policyName = (service: string, kind: 'ServiceExport' | 'ServiceImport'): string =>
  `${service}-${kind === 'ServiceExport' ? 'export' : 'import'}`;

function policy(
  kind: 'ServiceExport' | 'ServiceImport',
  namespace: string,
  service: string,
  clusterNames: string[],
): KubeObject {
  return {
    apiVersion: POLICY,
    kind: 'PropagationPolicy',
    metadata: { namespace, name: policyName(service, kind), labels: OURS },
    spec: {
      resourceSelectors: [{ apiVersion: MCS, kind, namespace, name: service }],
      // Karmada's webhook sets it too: the derived Service and the slices follow the import.
      ...(kind === 'ServiceImport' && { propagateDeps: true }),
      placement: placement(clusterNames),
    },
  };
}

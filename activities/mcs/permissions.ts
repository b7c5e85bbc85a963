/** The rights for sharing a Service; taking it back needs no others. */
import type { Permission } from '../../dsl/kind.ts';
import type { By } from './inputs.ts';
import { API_POLICY, CRD_NAMES, crdBindingRef, derivedName, policyName } from './sharing.ts';

const FEDERATION = 'federation';
const MCS = 'multicluster.x-k8s.io';
/** An apply creates by patch, for which RBAC knows the name. */
const APPLY = ['get', 'create', 'patch', 'delete'];

export interface Shared {
  namespace: string;
  service: string;
  by: By;
  members: string[];
}

export function sharingPermissions({ namespace, service, by, members }: Shared): Permission[] {
  const here = { plane: FEDERATION, namespace };
  const clusters = { plane: FEDERATION, group: 'cluster.karmada.io', resource: 'clusters' };
  const common: Permission[] = [
    { ...here, group: '', resource: 'services', names: [service], verbs: ['get'] },
    ...members.flatMap((plane) => [
      { plane, namespace, group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'] },
      {
        plane,
        namespace,
        group: '',
        resource: 'services',
        names: [service, derivedName(service)],
        verbs: ['get'],
      },
    ]),
  ];
  if (by === 'multi-cluster-service') {
    const shared = { ...here, group: 'networking.karmada.io', resource: 'multiclusterservices' };
    const marked = { ...here, group: '', resource: 'services', names: [service], verbs: ['patch'] };
    return [...common, { ...shared, names: [service], verbs: APPLY }, marked];
  }
  return [
    ...common,
    { ...clusters, names: members, verbs: ['get'] },
    ...exportPermissions(namespace, service),
    ...apiPermissions(members),
  ];
}

function exportPermissions(namespace: string, service: string): Permission[] {
  const policies = {
    plane: FEDERATION,
    namespace,
    group: 'policy.karmada.io',
    resource: 'propagationpolicies',
  };
  const names = [policyName(service, 'ServiceExport'), policyName(service, 'ServiceImport')];
  return [
    { ...policies, names, verbs: APPLY },
    ...['serviceexports', 'serviceimports'].flatMap((resource) => [
      { plane: FEDERATION, namespace, group: MCS, resource, names: [service], verbs: APPLY },
      // Anybody's: they would go with the APIs.
      { plane: FEDERATION, group: MCS, resource, verbs: ['list'] },
    ]),
  ];
}

function apiPermissions(members: string[]): Permission[] {
  const crds = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', names: CRD_NAMES };
  return [
    {
      plane: FEDERATION,
      group: 'policy.karmada.io',
      resource: 'clusterpropagationpolicies',
      names: [API_POLICY],
      verbs: APPLY,
    },
    {
      plane: FEDERATION,
      group: 'work.karmada.io',
      resource: 'clusterresourcebindings',
      names: CRD_NAMES.map((name) => crdBindingRef(name).name),
      verbs: ['get', 'delete'],
    },
    ...[FEDERATION, ...members].map((plane) => ({ plane, ...crds, verbs: ['get'] })),
  ];
}

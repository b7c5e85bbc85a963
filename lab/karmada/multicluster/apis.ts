/** The APIs that Karmada's installation brings to its own API server; members get them only by a policy. */
import type { MemoryStore } from '../../kubernetes/store.ts';

export const EXPORTS = 'multicluster.x-k8s.io/serviceexports';
export const IMPORTS = 'multicluster.x-k8s.io/serviceimports';
export const SERVICES = 'core/services';
export const SLICES = 'discovery.k8s.io/endpointslices';
export const MULTI_CLUSTER_SERVICES = 'networking.karmada.io/multiclusterservices';

const CRDS = 'apiextensions.k8s.io/customresourcedefinitions';
const group = 'multicluster.x-k8s.io';

/** Adds what is not there yet. */
export function installMultiClusterApis(federation: MemoryStore): void {
  for (const [kind, shortName] of [
    ['ServiceExport', 'svcex'],
    ['ServiceImport', 'svcim'],
  ] as const) {
    const singular = kind.toLowerCase();
    const name = `${singular}s.${group}`;
    if (federation.get(CRDS, undefined, name)) continue;
    federation.create(CRDS, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular, shortNames: [shortName] },
        versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} }, schema }],
        conversion: { strategy: 'None' },
      },
    });
  }
}

const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };

/** By which Karmada's multi-cluster controllers find each other's objects; all are Karmada's own. */
export const mark = {
  /** On the Work that holds a slice collected for a ServiceExport. */
  serviceName: 'endpointslice.karmada.io/name',
  serviceNamespace: 'endpointslice.karmada.io/namespace',
  /** Kinds, joined by a dot, for whose sake a slice was collected. */
  collectedFor: 'endpointslice.karmada.io/managed-by',
  /** On Works of a MultiClusterService, and on the Service and binding it took over. */
  multiClusterName: 'multiclusterservice.karmada.io/name',
  multiClusterNamespace: 'multiclusterservice.karmada.io/namespace',
  multiClusterId: 'multiclusterservice.karmada.io/permanent-id',
  /** Member a dispatched slice comes from. */
  provisionCluster: 'endpointslice.karmada.io/provision-cluster',
  claimedBy: 'resourcetemplate.karmada.io/claimed-by',
  bindingManagedBy: 'binding.karmada.io/managed-by',
} as const;

/** Kubernetes' own labels of a slice. */
export const sliceLabel = {
  service: 'kubernetes.io/service-name',
  managedBy: 'endpointslice.kubernetes.io/managed-by',
} as const;

export const manager = {
  imported: 'endpointslice-controller.karmada.io',
  dispatched: 'endpointslice-dispatch-controller.karmada.io',
} as const;

export const multiClusterFinalizer = {
  collected: 'karmada.io/endpointslice-controller',
  dispatched: 'karmada.io/mcs-endpointslice-dispatch-controller',
  service: 'karmada.io/multiclusterservice-controller',
} as const;

export const derivedName = (service: string): string => `derived-${service}`;

/** Services, slices and imports as Karmada leaves them on an importing member. */
import type { KubeObject, ObjectStore } from '../../../lab/store.ts';

const namespace = 'demo';

export function addService(store: ObjectStore, name: string, spec: object = {}): KubeObject {
  return store.create('core/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ name: 'http', port: 80 }], ...spec },
  });
}

export function addSlice(store: ObjectStore, name: string, service: string, addresses: string[]): void {
  store.create('discovery.k8s.io/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  });
}

export function addImport(store: ObjectStore, name: string, spec: object = { type: 'ClusterSetIP' }): void {
  store.create('multicluster.x-k8s.io/serviceimports', {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ServiceImport',
    metadata: { name, namespace },
    spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }], ...spec },
  });
}

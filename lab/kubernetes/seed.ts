/** What is on a cluster before anybody uses it. */
import type { ClusterSettings } from '../settings.ts';
import type { KubeObject } from '../store.ts';
import { nodeSize } from './node-size.ts';
import type { MemoryStore } from './store.ts';

const RBAC = 'rbac.authorization.k8s.io';
const DISCOVERY = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', '/version', '/version/'];
const HEALTH = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

function add(
  store: MemoryStore,
  resource: string,
  apiVersion: string,
  kind: string,
  object: object,
): KubeObject {
  return store.create(resource, { apiVersion, kind, ...object } as KubeObject);
}

/** A role of the server's own and the group that has it. */
function bootstrapRole(store: MemoryStore, name: string, group: string, rules: object[]): void {
  const metadata = { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } };
  add(store, `${RBAC}/clusterroles`, `${RBAC}/v1`, 'ClusterRole', { metadata, rules });
  add(store, `${RBAC}/clusterrolebindings`, `${RBAC}/v1`, 'ClusterRoleBinding', {
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
  });
}

const everything = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
const ownReviews = [
  {
    apiGroups: ['authorization.k8s.io', 'authentication.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectreviews'],
    verbs: ['create'],
  },
];

/** Namespaces and roles: every API server, the federation's too. */
export function seedPlane(store: MemoryStore): void {
  for (const name of ['default', 'kube-system', 'kube-public'])
    add(store, 'core/namespaces', 'v1', 'Namespace', { metadata: { name } });
  bootstrapRole(store, 'cluster-admin', 'system:masters', everything);
  bootstrapRole(store, 'system:discovery', 'system:authenticated', [
    { nonResourceURLs: [...HEALTH, ...DISCOVERY], verbs: ['get'] },
  ]);
  bootstrapRole(store, 'system:basic-user', 'system:authenticated', ownReviews);
  bootstrapRole(store, 'system:public-info-viewer', 'system:unauthenticated', [
    { nonResourceURLs: HEALTH, verbs: ['get'] },
  ]);
}

/** `index` is the node's number; its address is in a range of the cluster's own. */
function node(cluster: string, network: number, index: number, settings: ClusterSettings): object {
  const name = `${cluster}-node-${index}`;
  return {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': `${cluster}-${index + 1}`,
      },
    },
    spec: { podCIDR: `10.${network}.${index}.0/24`, providerID: `lab://${cluster}/${name}` },
    status: {
      ...nodeSize(settings),
      addresses: [
        { type: 'InternalIP', address: `172.20.${network}.${index + 1}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: { kubeletVersion: 'v1.35.4', operatingSystem: 'linux', architecture: 'amd64' },
    },
  };
}

function template(app: string, image: string, cpu: string): object {
  const resources = { requests: { cpu, memory: '32Mi' } };
  return { metadata: { labels: { app } }, spec: { containers: [{ name: app, image, resources }] } };
}

const typed = (apiVersion: string, kind: string, object: object) =>
  ({ apiVersion, kind, ...object }) as KubeObject;

/** Nodes, and the pod that runs on every node. `network` is the second byte of the nodes' pod addresses. */
export function memberObjects(name: string, network: number, settings: ClusterSettings): KubeObject[] {
  const nodes = Array.from({ length: settings.nodes }, (_, index) =>
    typed('v1', 'Node', node(name, network, index, settings)),
  );
  const logger = {
    metadata: { name: 'node-logger', namespace: 'kube-system' },
    spec: {
      selector: { matchLabels: { app: 'node-logger' } },
      template: template('node-logger', 'registry.example.com/node-logger:2.1', '20m'),
    },
  };
  return [...nodes, typed('apps/v1', 'DaemonSet', logger)];
}

/** An application that no federation knows: what a drain of the cluster hits besides the drilled one. */
export function neighbourObjects(): KubeObject[] {
  const deployment = {
    metadata: { name: 'wiki', namespace: 'intranet', labels: { app: 'wiki' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'wiki' } },
      template: template('wiki', 'registry.example.com/wiki:3.7', '50m'),
    },
  };
  const service = {
    metadata: { name: 'wiki', namespace: 'intranet' },
    spec: { selector: { app: 'wiki' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  return [
    typed('v1', 'Namespace', { metadata: { name: 'intranet' } }),
    typed('apps/v1', 'Deployment', deployment),
    typed('v1', 'Service', service),
  ];
}

export function seedMember(store: MemoryStore, network: number, settings: ClusterSettings): void {
  seedPlane(store);
  for (const object of memberObjects(store.name, network, settings)) store.create(resourceOf(object), object);
}

export function seedNeighbour(store: MemoryStore): void {
  for (const object of neighbourObjects()) store.create(resourceOf(object), object);
}

const resources: Record<string, string> = {
  Namespace: 'core/namespaces',
  Node: 'core/nodes',
  Service: 'core/services',
  Deployment: 'apps/deployments',
  DaemonSet: 'apps/daemonsets',
};
const resourceOf = ({ kind }: KubeObject) => resources[kind] as string;

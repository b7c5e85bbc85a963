/** What an API server fills in when it stores an object. Runs for every write, also those of controllers. */
import { createHash } from 'node:crypto';
import type { KubeObject, Resource } from '../store.ts';

/** Sets fields that are absent. */
function fill(target: Record<string, unknown>, values: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(values)) target[field] ??= structuredClone(value);
}

function podSpec(spec: KubeObject['spec']): void {
  if (spec === undefined) return;
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    fill(container, {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: /:(?!latest$)[\w.-]+$|@/.test(container.image ?? '') ? 'IfNotPresent' : 'Always',
    });
    for (const port of container.ports ?? []) fill(port, { protocol: 'TCP' });
    for (const { valueFrom } of container.env ?? [])
      if (valueFrom?.fieldRef) fill(valueFrom.fieldRef, { apiVersion: 'v1' });
  }
}

/** A free-looking address out of a service range, always the same for the same object. */
function clusterIP(cluster: string, { metadata }: KubeObject): string {
  const digest = createHash('sha256').update(`${cluster}/${metadata.namespace}/${metadata.name}`).digest();
  return `10.96.${digest[0]}.${1 + ((digest[1] as number) % 254)}`;
}

function service(cluster: string, object: KubeObject): void {
  const { spec } = object;
  if (spec === undefined) return;
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of spec.ports ?? []) fill(port, { protocol: 'TCP', targetPort: port.port });
  if (spec.type === 'ExternalName') return;
  spec.clusterIP ??= clusterIP(cluster, object);
  fill(spec, {
    clusterIPs: [spec.clusterIP],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
  });
  object.status ??= { loadBalancer: {} };
}

const byResource: Record<Resource, (object: KubeObject, cluster: string) => void> = {
  'core/namespaces'(object) {
    object.spec ??= {};
    if (object.metadata.deletionTimestamp === undefined) fill(object.spec, { finalizers: ['kubernetes'] });
    object.status ??= { phase: 'Active' };
    object.metadata.labels = {
      'kubernetes.io/metadata.name': object.metadata.name,
      ...object.metadata.labels,
    };
  },
  'core/pods'(object) {
    podSpec(object.spec);
    fill(object.spec, { serviceAccountName: 'default', serviceAccount: 'default', enableServiceLinks: true });
    object.status ??= { phase: 'Pending' };
  },
  'core/services': (object, cluster) => service(cluster, object),
  'core/secrets'(object) {
    object.type ??= 'Opaque';
    if (object.stringData === undefined) return;
    const encoded = Object.entries(object.stringData).map(([name, text]) => [
      name,
      Buffer.from(String(text)).toString('base64'),
    ]);
    object.data = { ...object.data, ...Object.fromEntries(encoded) };
    delete object.stringData;
  },
  'apps/deployments'({ spec }) {
    if (spec === undefined) return;
    const strategy = { maxUnavailable: '25%', maxSurge: '25%' };
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} });
    fill(spec.strategy, { type: 'RollingUpdate' });
    if (spec.strategy.type === 'RollingUpdate') {
      fill(spec.strategy, { rollingUpdate: {} });
      fill(spec.strategy.rollingUpdate, strategy);
    }
    podSpec(spec.template?.spec);
  },
  'apps/replicasets'({ spec }) {
    if (spec === undefined) return;
    fill(spec, { replicas: 1 });
    podSpec(spec.template?.spec);
  },
  'apps/daemonsets'({ spec }) {
    podSpec(spec?.template?.spec);
  },
  'networking.k8s.io/ingresses'(object) {
    object.status ??= { loadBalancer: {} };
  },
};

export function setDefaults(cluster: string, resource: Resource, object: KubeObject): void {
  byResource[resource]?.(object, cluster);
}

/** What an API server fills in when it stores an object. Runs for every write, also those of controllers. */
import { createHash } from 'node:crypto';
import type { KubeObject, Resource } from '../store.ts';
import { karmadaDefaults } from './karmada-defaults.ts';

/** Sets fields that are absent. */
function fill(target: Record<string, unknown>, values: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(values)) target[field] ??= structuredClone(value);
}

interface Amounts {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

/** Who limits a resource and does not say what he asks for, asks for the limit. */
function requestLimits(resources: Amounts): void {
  if (resources.limits !== undefined) resources.requests = { ...resources.limits, ...resources.requests };
}

function probeDefaults(probe: KubeObject['spec']): void {
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  if (probe.httpGet) fill(probe.httpGet, { scheme: 'HTTP' });
}

/** A node may be gone for five minutes before its pods go, unless the pod says otherwise. */
function tolerateFor(tolerations: KubeObject['spec'][], key: string): void {
  const told = tolerations.some(
    (each) => (each.key === key || !each.key) && (!each.effect || each.effect === 'NoExecute'),
  );
  if (!told) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
}

function qualityOf({ containers = [] }: KubeObject['spec']): string {
  const all = (containers as { resources?: Amounts }[]).map(({ resources = {} }) => resources);
  if (all.every(({ requests = {}, limits = {} }) => !Object.keys({ ...requests, ...limits }).length))
    return 'BestEffort';
  const guaranteed = all.every(({ requests = {}, limits = {} }) =>
    ['cpu', 'memory'].every((name) => limits[name] !== undefined && requests[name] === limits[name]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
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
    requestLimits(container.resources);
    for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe])
      if (probe !== undefined) probeDefaults(probe);
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
  object.status ??= { loadBalancer: {} };
  if (spec.type === 'ExternalName') return;
  spec.clusterIP ??= clusterIP(cluster, object);
  fill(spec, {
    clusterIPs: [spec.clusterIP],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
  });
}

function binding({ subjects }: KubeObject): void {
  for (const subject of (subjects ?? []) as { kind: string; apiGroup?: string }[])
    if (subject.kind !== 'ServiceAccount') subject.apiGroup ??= 'rbac.authorization.k8s.io';
}

const byResource: Record<Resource, (object: KubeObject, cluster: string) => void> = {
  ...karmadaDefaults,
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
    fill(object.spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority', tolerations: [] });
    for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'])
      tolerateFor(object.spec.tolerations, key);
    object.status ??= { phase: 'Pending', qosClass: qualityOf(object.spec) };
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
  'apps/deployments'(object) {
    object.status ??= {};
    const { spec } = object;
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
  'apps/replicasets'(object) {
    object.status ??= { replicas: 0 };
    const { spec } = object;
    if (spec === undefined) return;
    fill(spec, { replicas: 1 });
    podSpec(spec.template?.spec);
  },
  'apps/daemonsets'(object) {
    object.status ??= {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    };
    object.metadata.annotations = {
      'deprecated.daemonset.template.generation': String(object.metadata.generation ?? 1),
      ...object.metadata.annotations,
    };
    const { spec } = object;
    if (spec === undefined) return;
    fill(spec, { revisionHistoryLimit: 10, updateStrategy: {} });
    fill(spec.updateStrategy, { type: 'RollingUpdate' });
    if (spec.updateStrategy.type === 'RollingUpdate')
      fill(spec.updateStrategy, { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
    podSpec(spec.template?.spec);
  },
  'core/nodes'(object) {
    if (object.spec?.unschedulable === false) delete object.spec.unschedulable;
  },
  'policy/poddisruptionbudgets'(object) {
    object.status ??= { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  'discovery.k8s.io/endpointslices'(object) {
    for (const endpoint of object.endpoints ?? []) fill(endpoint, { conditions: {} });
    for (const port of object.ports ?? []) fill(port, { name: '', protocol: 'TCP' });
  },
  'rbac.authorization.k8s.io/rolebindings': binding,
  'rbac.authorization.k8s.io/clusterrolebindings': binding,
  'apiextensions.k8s.io/customresourcedefinitions'({ spec }) {
    fill(spec, { conversion: { strategy: 'None' } });
    fill(spec.names, {
      singular: spec.names.kind.toLowerCase(),
      listKind: `${spec.names.kind}List`,
    });
  },
  'networking.k8s.io/ingresses'(object) {
    object.status ??= { loadBalancer: {} };
  },
};

/** Go leaves out what is empty. */
function tidy(metadata: KubeObject['metadata']): void {
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const)
    if (metadata[field] !== undefined && Object.keys(metadata[field]).length === 0) delete metadata[field];
}

export function setDefaults(cluster: string, resource: Resource, object: KubeObject): void {
  tidy(object.metadata);
  byResource[resource]?.(object, cluster);
}

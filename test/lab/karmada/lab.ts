/** A lab in virtual time: the world, Karmada on it, and what a drill would do to the two. */
import './realm.ts';
import { type KarmadaOptions, startKarmada } from '../../../lab/karmada/karmada.ts';
import type { Binding, ClusterObject, Placement, Taint } from '../../../lab/karmada/types.ts';
import type { MemoryStore } from '../../../lab/kubernetes/store.ts';
import type { SettingsInput } from '../../../lab/settings.ts';
import type { KubeObject } from '../../../lab/store.ts';
import { createWorld, type World } from '../../../lab/world.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

export interface Lab {
  world: World;
  federation: MemoryStore;
  clock: VirtualClock;
  stop(): void;
}

export function startLab(options: KarmadaOptions & { world?: SettingsInput } = {}): Lab {
  const clock = virtualClock();
  const world = createWorld({ clock, ...(options.world && { settings: options.world }) });
  const stop = startKarmada(world, {
    report: (error) => {
      throw error;
    },
    ...options,
  });
  clock.advance(5000);
  return {
    world,
    federation: world.federation,
    clock,
    stop() {
      stop();
      world.stop();
    },
  };
}

export const MEMBERS = ['aks1', 'aks2', 'k3s'];

export function join({ federation, world, clock }: Lab, ...names: string[]): void {
  for (const name of names) {
    if (!federation.get('core/namespaces', undefined, 'karmada-cluster'))
      federation.create('core/namespaces', object('v1', 'Namespace', { name: 'karmada-cluster' }));
    const secret = object('v1', 'Secret', { name, namespace: 'karmada-cluster' });
    secret.data = { token: Buffer.from(world.adminToken).toString('base64') };
    federation.create('core/secrets', secret);
    const cluster = object('cluster.karmada.io/v1alpha1', 'Cluster', {
      name,
      labels: { tier: tierOf(name) },
    });
    cluster.spec = {
      syncMode: 'Push',
      apiEndpoint: `http://${name}`,
      secretRef: { namespace: 'karmada-cluster', name },
    };
    federation.create('cluster.karmada.io/clusters', cluster);
  }
  clock.advance(2000);
}

function tierOf(name: string): string {
  return name === 'k3s' ? 'edge' : 'cloud';
}

export function object(apiVersion: string, kind: string, metadata: KubeObject['metadata']): KubeObject {
  return { apiVersion, kind, metadata };
}

export const weights = (of: Record<string, number>): Placement => ({
  clusterAffinity: { clusterNames: Object.keys(of) },
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: {
      staticWeightList: Object.entries(of).map(([name, weight]) => ({
        targetCluster: { clusterNames: [name] },
        weight,
      })),
    },
  },
});

export const FIVE_THREE_ONE = weights({ aks1: 5, aks2: 3, k3s: 1 });

export function applyHello({ federation }: Lab, policy: object = { placement: FIVE_THREE_ONE }): void {
  federation.create('core/namespaces', object('v1', 'Namespace', { name: 'demo' }));
  const deployment = object('apps/v1', 'Deployment', {
    name: 'hello',
    namespace: 'demo',
    labels: { app: 'hello' },
  });
  const container = {
    name: 'hello',
    image: 'nginxdemos/hello:0.4',
    resources: { requests: { cpu: '100m' } },
  };
  deployment.spec = {
    replicas: 9,
    selector: { matchLabels: { app: 'hello' } },
    template: { metadata: { labels: { app: 'hello' } }, spec: { containers: [container] } },
  };
  federation.create('apps/deployments', deployment);
  const service = object('v1', 'Service', { name: 'hello', namespace: 'demo' });
  service.spec = { selector: { app: 'hello' }, ports: [{ port: 80, targetPort: 80 }] };
  federation.create('core/services', service);
  const propagation = object('policy.karmada.io/v1alpha1', 'PropagationPolicy', {
    name: 'hello',
    namespace: 'demo',
  });
  const selectors = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello' },
    { apiVersion: 'v1', kind: 'Service', name: 'hello' },
  ];
  propagation.spec = { resourceSelectors: selectors, ...policy };
  federation.create('policy.karmada.io/propagationpolicies', propagation);
}

/** Joined members, hello at 5/3/1 and ready, and a second gone by. */
export function helloLab(options: Parameters<typeof startLab>[0] & { policy?: object } = {}): Lab {
  const { policy, ...rest } = options;
  const lab = startLab(rest);
  join(lab, ...MEMBERS);
  applyHello(lab, policy);
  lab.clock.advance(15_000);
  return lab;
}

export function binding({ federation }: Lab, name = 'hello-deployment', namespace = 'demo'): Binding {
  return federation.get('work.karmada.io/resourcebindings', namespace, name) as Binding;
}

export function cluster({ federation }: Lab, name: string): ClusterObject {
  return federation.get('cluster.karmada.io/clusters', undefined, name) as ClusterObject;
}

/** What the binding says: replicas of aks1/aks2/k3s. */
export function scheduled(lab: Lab): string {
  const targets = binding(lab)?.spec.clusters ?? [];
  return MEMBERS.map((name) => targets.find((target) => target.name === name)?.replicas ?? 0).join('/');
}

/** Ready pods of hello on aks1/aks2/k3s. */
export function ready(lab: Lab): string {
  return MEMBERS.map((name) => readyOn(lab, name)).join('/');
}

export function readyOn({ world }: Lab, member: string): number {
  const pods = [...(world.members[member]?.peek('core/pods') ?? [])];
  return pods.filter((pod) => pod.metadata.labels?.app === 'hello' && isReady(pod)).length;
}

function isReady({ metadata, status }: KubeObject): boolean {
  const conditions: { type: string; status: string }[] = status?.conditions ?? [];
  return (
    !metadata.deletionTimestamp &&
    conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True')
  );
}

export interface Watched {
  /** Fewest ready pods over all members. */
  least: number;
  /** Milliseconds until the condition held; undefined when it did not. */
  afterMs: number | undefined;
  /** Every different value of `ready`, in order. */
  series: string[];
  /** Every different value of `scheduled`, in order. */
  spreads: string[];
}

/** Steps through `ms` by 10 ms, until `done` holds. */
export function watch(lab: Lab, ms: number, done: () => boolean = () => false): Watched {
  const seen: Watched = { least: Infinity, afterMs: undefined, series: [], spreads: [] };
  for (let passed = 0; passed <= ms; passed += 10) {
    const now = ready(lab);
    if (seen.series.at(-1) !== now) seen.series.push(now);
    const spread = scheduled(lab);
    if (seen.spreads.at(-1) !== spread) seen.spreads.push(spread);
    seen.least = Math.min(
      seen.least,
      now.split('/').reduce((sum, part) => sum + Number(part), 0),
    );
    if (done()) return { ...seen, afterMs: passed };
    lab.clock.advance(10);
  }
  return seen;
}

/** All nodes cordoned, then every pod of hello evicted. */
export function drain({ world }: Lab, member: string): void {
  const store = world.members[member] as MemoryStore;
  for (const node of store.list('core/nodes'))
    store.update('core/nodes', undefined, node.metadata.name, ({ spec }) => {
      spec.unschedulable = true;
    });
  for (const pod of store.list('core/pods', { labels: { app: 'hello' } }))
    store.remove('core/pods', pod.metadata.namespace, pod.metadata.name);
}

export function uncordon({ world }: Lab, member: string): void {
  const store = world.members[member] as MemoryStore;
  for (const node of store.list('core/nodes'))
    store.update('core/nodes', undefined, node.metadata.name, ({ spec }) => {
      delete spec.unschedulable;
    });
}

/** A merge patch: the whole list. */
export function taint({ federation }: Lab, name: string, taints: Taint[]): void {
  federation.update('cluster.karmada.io/clusters', undefined, name, ({ spec }) => {
    spec.taints = taints;
  });
}

export const NO_EXECUTE: Taint = { key: 'firedrill', effect: 'NoExecute' };

export function place({ federation }: Lab, placement: Placement): void {
  federation.update('policy.karmada.io/propagationpolicies', 'demo', 'hello', ({ spec }) => {
    spec.placement = placement;
  });
}

export function scale({ federation }: Lab, replicas: number): void {
  federation.update('apps/deployments', 'demo', 'hello', ({ spec }) => {
    spec.replicas = replicas;
  });
}

export function rebalance({ federation }: Lab, name = 'rebalance'): void {
  const rebalancer = object('apps.karmada.io/v1alpha1', 'WorkloadRebalancer', { name });
  rebalancer.spec = {
    workloads: [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'hello' }],
  };
  federation.create('apps.karmada.io/workloadrebalancers', rebalancer);
}

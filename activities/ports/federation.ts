/** The Karmada control plane, as far as a drill needs it. */
import type { KubeObject, ObjectRef, Observer, Plane } from './plane.ts';

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

/** A member as the federation sees it. */
export interface Cluster {
  name: string;
  ready: boolean;
  /** Reason and message of the Ready condition. */
  why: string;
  /** Since when Ready is what it is, epoch ms by the federation's clock, to the second; 0 before it ever was said. */
  readySinceMs: number;
  syncMode: string;
  labels: Record<string, string>;
  region?: string;
  zones: string[];
  provider?: string;
  taints: Taint[];
  deleting: boolean;
  /** Absent when the federation sees no node: the sign of a node pool that is gone. */
  nodes?: { total: number; ready: number };
}

/** A Deployment of the federation. */
export interface Workload {
  namespace: string;
  name: string;
}

/** Member name → replicas. */
export type Spread = Record<string, number>;

export interface Eviction {
  from: string;
  reason: string;
  producer: string;
}

/** What Karmada has decided for one object and what it last heard of it. */
export interface Binding {
  namespace: string;
  name: string;
  generation: number;
  /** The scheduler has seen the present generation. */
  observed: boolean;
  scheduled: boolean;
  /** Message of the Scheduled condition. */
  why: string;
  resource: ObjectRef & { uid: string };
  replicas: number;
  spread: Spread;
  placement: Placement;
  /** Application failover of the policy, when it is set. */
  tolerationSeconds?: number;
  evictions: Eviction[];
  reports: { cluster: string; applied: boolean; replicas: number; ready: number; message: string }[];
  rescheduleTriggeredAt?: string;
  lastScheduledTime?: string;
  affinityName?: string;
  policy?: ObjectRef;
}

/** Matches clusters; every given part must hold. Field names are Karmada's. */
export type ClusterAffinity = {
  affinityName?: string;
  clusterNames?: string[];
  exclude?: string[];
  labelSelector?: {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  fieldSelector?: { matchExpressions?: { key: string; operator: string; values?: string[] }[] };
};

/** `spec.placement` of a policy, in Karmada's own words: what we do not read is kept as it is. */
export type Placement = {
  clusterAffinity?: ClusterAffinity;
  clusterAffinities?: ClusterAffinity[];
  clusterTolerations?: { key?: string; operator?: string; value?: string; effect?: string }[];
  replicaScheduling?: {
    replicaSchedulingType?: string;
    replicaDivisionPreference?: string;
    weightPreference?: {
      staticWeightList?: { targetCluster: ClusterAffinity; weight: number }[];
      dynamicWeight?: string;
    };
  };
  // biome-ignore lint/suspicious/noExplicitAny: kept as it is
  [field: string]: any;
};

export interface Policy {
  ref: ObjectRef;
  resourceVersion: string;
  generation: number;
  placement: Placement;
  /** Who wrote `spec` last, by the managed fields; '' when they do not tell. */
  writer: string;
  /** When, epoch ms by the API server's clock, to the second; absent when they do not tell. */
  writtenAtMs?: number;
  /** The run whose edit it still is: nobody has changed the spec since. */
  run?: string;
  object: KubeObject;
}

/** Who holds the fleet. */
export interface Lock {
  acquired: boolean;
  holder: string;
  /** RFC 3339. */
  since: string;
  /** Namespace and name of the Lease. */
  where: string;
}

export interface Federation extends Plane {
  /** Names of the fleet file. */
  readonly members: string[];
  clusters(signal: AbortSignal): Promise<Cluster[]>;
  watchClusters(observer: Observer<Cluster[]>, signal: AbortSignal): Promise<void>;
  /** Adds one taint and keeps the others; by name and resourceVersion, since a merge patch replaces the list. */
  taint(cluster: string, taint: Taint, signal: AbortSignal): Promise<'added' | 'present'>;
  /** Removes only the taint of this key, value and effect. */
  untaint(cluster: string, taint: Taint, signal: AbortSignal): Promise<'removed' | 'absent'>;
  /** Bindings of all tenants. */
  bindings(signal: AbortSignal): Promise<Binding[]>;
  binding(workload: Workload, signal: AbortSignal): Promise<Binding | undefined>;
  watchBinding(
    workload: Workload,
    observer: Observer<Binding | undefined>,
    signal: AbortSignal,
  ): Promise<void>;
  policy(ref: ObjectRef, signal: AbortSignal): Promise<Policy | undefined>;
  /**
   * Replaces the placement if the policy is still the one that was read; false when somebody was faster.
   * @param run marks the edit as this run's; null when it is put back as it was.
   */
  place(policy: Policy, placement: Placement, run: string | null, signal: AbortSignal): Promise<boolean>;
  /** `spec.replicas` on the federation; undefined when there is no such Deployment. */
  replicas(workload: Workload, signal: AbortSignal): Promise<number | undefined>;
  scale(workload: Workload, replicas: number, signal: AbortSignal): Promise<void>;
  /** A new WorkloadRebalancer; its status is never asked, it says Successful when nothing moves. */
  rebalance(name: string, resources: ObjectRef[], signal: AbortSignal): Promise<void>;
  /** The fleet lock, a Lease. Ours already is acquired. */
  acquireLock(holder: string, signal: AbortSignal): Promise<Lock>;
  /** False when somebody else holds it. */
  releaseLock(holder: string, signal: AbortSignal): Promise<boolean>;
  readLock(signal: AbortSignal): Promise<Lock | undefined>;
}

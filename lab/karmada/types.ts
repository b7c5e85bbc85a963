/** The parts of Karmada's API objects that the lab acts on; field names and defaults are Karmada's. */
import type { KubeObject } from '../store.ts';

export interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values?: string[];
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Requirement[];
}

export interface ResourceSelector {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
  labelSelector?: LabelSelector;
}

/** Every part that is given must match; nothing given matches every cluster. */
export interface ClusterAffinity {
  clusterNames?: string[];
  exclude?: string[];
  labelSelector?: LabelSelector;
  /** Keys `provider`, `region`, `zone`. */
  fieldSelector?: { matchExpressions?: Requirement[] };
}

export interface Taint {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  timeAdded?: string;
}

export interface Toleration {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: Taint['effect'];
  tolerationSeconds?: number;
}

export interface SpreadConstraint {
  spreadByField?: 'cluster' | 'region' | 'zone' | 'provider';
  minGroups?: number;
  maxGroups?: number;
}

export interface StaticWeight {
  targetCluster: ClusterAffinity;
  weight: number;
}

export interface ReplicaScheduling {
  replicaSchedulingType?: 'Divided' | 'Duplicated';
  replicaDivisionPreference?: 'Weighted' | 'Aggregated';
  weightPreference?: { staticWeightList?: StaticWeight[]; dynamicWeight?: 'AvailableReplicas' };
}

export interface Placement {
  clusterAffinity?: ClusterAffinity;
  clusterAffinities?: (ClusterAffinity & { affinityName: string })[];
  clusterTolerations?: Toleration[];
  spreadConstraints?: SpreadConstraint[];
  replicaScheduling?: ReplicaScheduling;
}

export type PurgeMode = 'Gracefully' | 'Directly' | 'Immediately' | 'Graciously' | 'Never';

export interface ApplicationFailover {
  decisionConditions?: { tolerationSeconds?: number };
  purgeMode?: PurgeMode;
  gracePeriodSeconds?: number;
}

export interface TargetCluster {
  name: string;
  replicas?: number;
}

export interface EvictionTask {
  fromCluster: string;
  replicas?: number;
  reason: string;
  producer: string;
  purgeMode?: PurgeMode;
  gracePeriodSeconds?: number;
  suppressDeletion?: boolean;
  /** Written by the graceful eviction controller, not by who evicts. */
  creationTimestamp?: string;
}

export interface BindingSpec {
  resource: {
    apiVersion: string;
    kind: string;
    namespace?: string;
    name: string;
    uid?: string;
    resourceVersion?: string;
  };
  replicas?: number;
  replicaRequirements?: { resourceRequest?: Record<string, string> };
  placement?: Placement;
  clusters?: TargetCluster[];
  gracefulEvictionTasks?: EvictionTask[];
  /** Set on what others depend on: where those others are scheduled. */
  requiredBy?: { namespace?: string; name: string; clusters: TargetCluster[] }[];
  propagateDeps?: boolean;
  failover?: { application?: ApplicationFailover; cluster?: { purgeMode?: PurgeMode } };
  rescheduleTriggeredAt?: string;
  preserveResourcesOnDeletion?: boolean;
  conflictResolution?: string;
  suspension?: { dispatching?: boolean };
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime?: string;
}

export type Health = 'Healthy' | 'Unhealthy' | 'Unknown';

export interface AggregatedStatusItem {
  clusterName: string;
  applied?: boolean;
  appliedMessage?: string;
  health: Health;
  // biome-ignore lint/suspicious/noExplicitAny: what the member's object reports, by kind
  status?: any;
}

export interface BindingStatus {
  conditions?: Condition[];
  aggregatedStatus?: AggregatedStatusItem[];
  schedulerObservedGeneration?: number;
  schedulerObservingAffinityName?: string;
  lastScheduledTime?: string;
}

/** A ResourceBinding or ClusterResourceBinding. */
export interface Binding extends KubeObject {
  spec: BindingSpec;
  status?: BindingStatus;
}

export interface ClusterObject extends KubeObject {
  spec: {
    syncMode?: 'Push' | 'Pull';
    apiEndpoint?: string;
    secretRef?: { namespace: string; name: string };
    impersonatorSecretRef?: { namespace: string; name: string };
    provider?: string;
    region?: string;
    zones?: string[];
    taints?: Taint[];
  };
  status?: {
    conditions?: Condition[];
    kubernetesVersion?: string;
    apiEnablements?: { groupVersion: string; resources: { name: string; kind: string }[] }[];
    nodeSummary?: { totalNum?: number; readyNum?: number };
    resourceSummary?: Record<string, Record<string, string>>;
  };
}

/** One member cluster, as far as a drill needs it. */
import type { KubeObject, Observer, Plane } from './plane.ts';
import type { Target } from './requester.ts';

/** The owner of a change on the fleet: stands in the annotations `firedrill.dev/run` and `firedrill.dev/step`. */
export interface Marker {
  run: string;
  step: string;
}

/** CPU in millicores, memory in bytes. */
export interface Resources {
  cpu: number;
  memory: number;
}

export interface Node {
  name: string;
  uid: string;
  schedulable: boolean;
  ready: boolean;
  /** Set when a run of ours cordoned it. */
  marker?: Marker;
  labels: Record<string, string>;
  /** What pods can use, and how many of them. */
  allocatable: Resources & { pods: number };
  /** The whole object, to be created again. */
  object: KubeObject;
}

export interface Pod {
  namespace: string;
  name: string;
  uid: string;
  node?: string;
  phase: string;
  ready: boolean;
  terminating: boolean;
  labels: Record<string, string>;
  /** The controlling owner. */
  owner?: { kind: string; name: string };
  /** Kept by the kubelet from a file: the API cannot evict it. */
  mirror: boolean;
  requests: Resources;
  /** Scheduled → ready, ms, when it is ready. */
  startupMs?: number;
}

export interface Deployment {
  namespace: string;
  name: string;
  replicas: number;
  ready: number;
  /** The controller has seen the present spec. */
  observed: boolean;
  selector: Record<string, string>;
  object: KubeObject;
}

export interface DisruptionBudget {
  namespace: string;
  name: string;
  selector: Record<string, string>;
  minAvailable?: string;
  maxUnavailable?: string;
  healthy: number;
  desiredHealthy: number;
  expected: number;
  allowed: number;
}

export interface PodFilter {
  namespace?: string;
  /** Labels that must be equal. */
  labels?: Record<string, string>;
}

export type Evicted = { outcome: 'evicted' | 'gone' } | { outcome: 'blocked'; why: string };

export interface MemberCluster extends Plane {
  /** The cluster's own way in for users, past the load balancer. */
  entry(): Target;
  nodes(signal: AbortSignal): Promise<Node[]>;
  /** Makes a schedulable node unschedulable, with our marker in the same request. */
  cordon(node: string, marker: Marker, signal: AbortSignal): Promise<'cordoned' | 'was-cordoned' | 'gone'>;
  /** Only a node that still carries this marker's run; anything else is left. */
  uncordon(node: string, run: string, signal: AbortSignal): Promise<'uncordoned' | 'not-ours' | 'gone'>;
  pods(filter: PodFilter, signal: AbortSignal): Promise<Pod[]>;
  watchPods(filter: PodFilter, observer: Observer<Pod[]>, signal: AbortSignal): Promise<void>;
  /** `evict` asks and may be blocked by a disruption budget; `delete` does not ask. Only the pod of this uid. */
  evict(
    pod: Pod,
    options: { mode: 'evict' | 'delete'; gracePeriodSeconds?: number },
    signal: AbortSignal,
  ): Promise<Evicted>;
  /** What its only container has printed so far. */
  logs(pod: Pick<Pod, 'namespace' | 'name'>, signal: AbortSignal): Promise<string>;
  disruptionBudgets(signal: AbortSignal): Promise<DisruptionBudget[]>;
  deployment(namespace: string, name: string, signal: AbortSignal): Promise<Deployment | undefined>;
  watchDeployment(
    namespace: string,
    name: string,
    observer: Observer<Deployment | undefined>,
    signal: AbortSignal,
  ): Promise<void>;
}

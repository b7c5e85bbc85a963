/**
 * The state of one Kubernetes API server of the lab, as its controllers see it (no HTTP, no authorization).
 * The sandbox implements it in memory; the parts that only read it (ingress, load balancer) work over anything
 * that does.
 */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the kind; each controller knows its own
  [field: string]: any;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: unknown[];
  generateName?: string;
}

/** `apps/deployments`, `core/pods`, `policy.karmada.io/propagationpolicies` … : group (core = '') and plural. */
export type Resource = string;

export interface Selector {
  namespace?: string;
  labels?: Record<string, string>;
}

export type Change = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; resource: Resource; object: KubeObject };

export interface ObjectReader {
  /** Cluster name, e.g. `aks1` or `federation`. */
  readonly name: string;
  /** A deep copy, or undefined. */
  get(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined;
  list(resource: Resource, selector?: Selector): KubeObject[];
  /** Every change from now on, after it is stored, in order. Returns how to stop. */
  watch(handler: (change: Change) => void): () => void;
}

export interface ObjectStore extends ObjectReader {
  create(resource: Resource, object: KubeObject): KubeObject;
  /** Reads, lets `change` edit a copy, writes; bumps `generation` when anything outside metadata and status changed. */
  update(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => void,
  ): KubeObject;
  /** Sets deletionTimestamp while there are finalizers; else removes it and what it owns (background GC). */
  remove(resource: Resource, namespace: string | undefined, name: string): void;
}

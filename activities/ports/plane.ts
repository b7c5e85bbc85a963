/** What every Kubernetes API server offers a drill: the members' and the federation's alike. */
import type { Permission } from '../../dsl/kind.ts';
import type { Json } from '../../dsl/plan.ts';

/** A type, not an interface, so that it is JSON to the compiler too. */
export type ObjectRef = {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
};

export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

/** An object as the API server writes it. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
    managedFields?: {
      manager?: string;
      operation?: string;
      subresource?: string;
      time?: string;
      fieldsV1?: Json;
    }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the kind; each reader knows its own
  [field: string]: any;
};

/** One verb of a permission, as the API server itself judges it. */
export interface Grant {
  verb: string;
  allowed: boolean;
}

export interface Identity {
  user: string;
  groups: string[];
}

/** A credential that ends by itself: a client certificate, a token. */
export interface Expiry {
  /** Catalogue code of its having ended. */
  code: string;
  /** What, and where it stands: `the client certificate of user "drill" of /home/drill/.kube/config`. */
  what: string;
  /** Epoch ms. */
  atMs: number;
  remedy: string;
}

/** What another control plane needs to call this one. */
export interface Endpoint {
  server: string;
  /** Base64 PEM. */
  certificateAuthority?: string;
  insecure: boolean;
}

/** A watch tells every state it saw, and what it could not see. */
export interface Observer<T> {
  seen(state: T): void;
  /**
   * The API did not answer, the watch broke …; it goes on by itself.
   * @param denial when the credential may not see it: then looking again does not help.
   */
  trouble(what: string, denial?: Error): void;
}

/**
 * Every call has its own deadline and throws `transient` (worth another attempt) or `refused` (the API said no)
 * with the plane's name in it; an abort of `signal` is rethrown as it is.
 */
export interface Plane {
  /** Member name, or `federation`. */
  readonly name: string;
  endpoint(): Endpoint;
  /** Read from the credential itself: no server is asked. */
  expiries(): Expiry[];
  /** The server's version, e.g. `v1.35.4`; throws when it does not answer. */
  version(signal: AbortSignal): Promise<string>;
  whoAmI(signal: AbortSignal): Promise<Identity>;
  /** By SelfSubjectAccessReview, one grant a verb. */
  allowed(permission: Permission, signal: AbortSignal): Promise<Grant[]>;
  read(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  list(apiVersion: string, kind: string, signal: AbortSignal, namespace?: string): Promise<KubeObject[]>;
  /** Undefined when it is there already. */
  create(object: KubeObject, signal: AbortSignal): Promise<KubeObject | undefined>;
  /**
   * Server-side apply as `firedrill`. Fields that somebody else owns are a conflict: refused, naming the owner;
   * fields that another of our own requests owns are taken.
   */
  apply(object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  /** Merge patch; with `metadata.resourceVersion` in it, false when the object has changed since. */
  patch(ref: ObjectRef, patch: object, signal: AbortSignal): Promise<boolean>;
  /** False when it was gone; with a uid, only that very object. */
  remove(ref: ObjectRef, signal: AbortSignal, uid?: string): Promise<boolean>;
}

/**
 * The fleet file: what a drill runs against. Holds references to secrets, never secrets, so that it can be
 * part of a Plan and of the history; they are resolved by the worker's adapters.
 */
import { z } from 'zod';

/** A value written out, or where to find it: an environment variable, or a file (relative to the fleet file). */
export const valueRef = z.union([
  z.string().min(1),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);
export type ValueRef = z.infer<typeof valueRef>;

/** A secret is only ever a reference. */
const secretRef = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

/** How to reach one Kubernetes API: a kubeconfig context, the pod's own service account, or address and token. */
const plane = {
  kubeconfig: z.string().min(1).optional(),
  context: z.string().min(1).optional(),
  inCluster: z.literal(true).optional(),
  server: valueRef.optional(),
  token: secretRef.optional(),
  certificateAuthority: z.strictObject({ file: z.string().min(1) }).optional(),
};

/** Where requests to a host really go: `url` gives scheme, address and port; `host` is sent as Host and SNI. */
const entryPoint = z.strictObject({ url: valueRef, host: z.string().min(1) });
export type EntryPoint = z.infer<typeof entryPoint>;

export const member = z.strictObject({
  ...plane,
  /** The cluster's own entry point (ingress). */
  entry: entryPoint,
  exposure: z.enum(['direct', 'cloudflare-tunnel', 'ngrok']).default('direct'),
  ingressClassName: z.string().min(1).optional(),
  region: z.string().optional(),
  /** How this member's nodes can be scaled to zero: delete Node objects (lab) or a node pool by the cloud's API. */
  scaleNodes: z.enum(['node-objects', 'none']).default('none'),
});
export type Member = z.infer<typeof member>;

const azure = {
  subscription: z.string().min(1),
  resourceGroup: z.string().min(1),
  /** Another Azure Resource Manager (the lab's); default is the public cloud. */
  management: valueRef.optional(),
  /** A fixed bearer token for such a manager; default is DefaultAzureCredential. */
  token: secretRef.optional(),
  /** What clients ask. */
  client: entryPoint,
  /** Member name → origin / backend name. */
  backends: z.record(z.string(), z.string().min(1)),
  /** Points of presence whose probes count; known on the lab, an estimate elsewhere. */
  pops: z.number().int().positive().default(1),
};

export const loadBalancer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('front-door-standard'),
    ...azure,
    profile: z.string().min(1),
    endpoint: z.string().min(1),
    originGroup: z.string().min(1),
    route: z.string().min(1),
  }),
  z.strictObject({
    kind: z.literal('front-door-classic'),
    ...azure,
    frontDoor: z.string().min(1),
    backendPool: z.string().min(1),
  }),
]);
export type LoadBalancer = z.infer<typeof loadBalancer>;

/** Where to read an identity in an answer: a header, or a pattern on the body whose first group is the value. */
const marker = z.union([
  z.strictObject({ header: z.string().min(1) }),
  z.strictObject({ body: z.string().min(1) }),
]);
export type Marker = z.infer<typeof marker>;

export const fleet = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  tier: z.enum(['sandbox', 'rig', 'fleet']),
  production: z.boolean(),
  /** The Karmada control plane; `on` names the member that hosts it, when one does. */
  federation: z.strictObject({ ...plane, on: z.string().optional() }).optional(),
  members: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), member),
  loadBalancer: loadBalancer.optional(),
  /** Who routed (set by each cluster's entry point, on 5xx too) and who served (set by the pod). */
  identity: z
    .strictObject({ routed: marker, served: marker, pod: marker.optional(), node: marker.optional() })
    .optional(),
  /** Hosts that traffic may be sent to; anything else is refused when compiled. */
  allowHosts: z.array(z.string().min(1)).default([]),
  /** Facts no API shows, stated by the operator. */
  flags: z
    .strictObject({ failover: z.boolean().optional(), noExecuteTaintEviction: z.boolean().optional() })
    .default({}),
  /** Members that host Temporal or the traffic workers; preflight refuses a victim among them. */
  hosts: z
    .strictObject({ temporal: z.string().optional(), workers: z.array(z.string()).default([]) })
    .default({ workers: [] }),
  notify: z.array(z.strictObject({ name: z.string(), url: secretRef })).default([]),
});
type Parsed = z.infer<typeof fleet>;

/** A parsed fleet file and where it was read from (absolute; file references are relative to its folder). */
export type Fleet = Parsed & { file: string };

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
  kubeconfig: z.string().min(1).optional().meta({
    description:
      'Path of a kubeconfig on the worker. Left out with a `context`: KUBECONFIG, else ~/.kube/config',
  }),
  context: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Default: the current context of the kubeconfig' }),
  inCluster: z.literal(true).optional().meta({ description: "The service account of the worker's own pod" }),
  server: valueRef.optional().meta({ description: 'Address of the API server, instead of a kubeconfig' }),
  token: secretRef.optional().meta({ description: 'Bearer token for `server`' }),
  certificateAuthority: z
    .strictObject({ file: z.string().min(1) })
    .optional()
    .meta({ description: 'PEM file that the certificate of `server` is checked by' }),
};

/** Where requests to a host really go: `url` gives scheme, address and port; `host` is sent as Host and SNI. */
const entryPoint = z.strictObject({
  url: valueRef.meta({ description: 'Scheme, address and port that requests are sent to' }),
  host: z.string().min(1).meta({ description: 'Sent as Host and as TLS server name' }),
});
export type EntryPoint = z.infer<typeof entryPoint>;

export const member = z.strictObject({
  ...plane,
  mode: z.enum(['push', 'pull']).optional().meta({
    description:
      "How Karmada brings work to it; default: push. `pull`: karmada-agent in the cluster fetches it, and kubeconfig, server or inCluster may be left out when nothing reaches the cluster's API: it is then known by the federation's report only",
  }),
  entry: entryPoint.meta({ description: "The cluster's own entry point (ingress), past the load balancer" }),
  exposure: z.enum(['direct', 'cloudflare-tunnel', 'ngrok']).default('direct').meta({
    description: 'How the entry point is reached from outside: for the reader, no step looks at it',
  }),
  ingressClassName: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The IngressClass that must be there; default: that there is one' }),
  region: z.string().optional().meta({ description: 'Written to the Cluster by `karmada/join`' }),
  inside: z
    .strictObject({
      dns: valueRef.meta({ description: "ADDRESS:PORT of the cluster's DNS, from where the worker runs" }),
      proxy: valueRef.meta({ description: 'Address of an HTTP proxy that connects from inside the cluster' }),
    })
    .optional()
    .meta({
      description: 'How `mcs/verify` looks from inside; left out: by a Job, when `mcs` gives it an image',
    }),
  scaleNodes: z.enum(['node-objects', 'none']).default('none').meta({
    description: 'Whether `kubernetes/scale-nodes` may delete Node objects: right on the lab, not on a cloud',
  }),
});
export type Member = z.infer<typeof member>;

const azure = {
  subscription: z.string().min(1).meta({ description: 'Id of the Azure subscription' }),
  resourceGroup: z.string().min(1),
  management: valueRef
    .optional()
    .meta({ description: "Another Azure Resource Manager (the lab's); default: the public cloud" }),
  token: secretRef
    .optional()
    .meta({ description: 'A fixed bearer token for such a manager; default: DefaultAzureCredential' }),
  client: entryPoint.meta({ description: 'What users ask' }),
  backends: z
    .record(z.string(), z.string().min(1))
    .meta({ description: 'Member → its origin (Standard) or backend (classic)' }),
  pops: z.number().int().min(1).default(1).meta({
    description: 'Points of presence whose probes count: known on the lab, an estimate elsewhere',
  }),
};

export const loadBalancer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('front-door-standard'),
    ...azure,
    profile: z.string().min(1),
    endpoint: z.string().min(1),
    originGroup: z.string().min(1).meta({ description: 'The group whose origins are the members' }),
    route: z.string().min(1).meta({ description: 'The route of the endpoint that leads to the group' }),
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
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .meta({ description: 'A small letter, then small letters, digits and -' }),
  tier: z.enum(['sandbox', 'rig', 'fleet']).meta({
    description:
      '`sandbox`, `rig`: the lab of that tier, which commands then start by themselves; `fleet`: real clusters',
  }),
  production: z.boolean().meta({ description: 'Read by `approval: { if: fleet.production }`' }),
  federation: z
    .strictObject({
      ...plane,
      on: z.string().optional().meta({ description: 'The member that hosts it, when one does' }),
    })
    .optional()
    .meta({ description: 'The Karmada control plane' }),
  members: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), member)
    .meta({ description: 'The clusters, by the name they have in Karmada' }),
  loadBalancer: loadBalancer.optional(),
  identity: z
    .strictObject({
      routed: marker.meta({ description: 'Set by each entry point on every answer, 5xx too: who routed' }),
      served: marker.meta({ description: 'Set by the pod: who served' }),
      pod: marker.optional(),
      node: marker.optional(),
    })
    .optional()
    .meta({
      description: 'Where an answer says who gave it: a header, or the first group of a body pattern',
    }),
  allowHosts: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Hosts that traffic may be sent to; any other is refused when compiled' }),
  flags: z
    .strictObject({
      failover: z.boolean().optional().meta({ description: "Karmada's feature gate Failover is on" }),
      noExecuteTaintEviction: z
        .boolean()
        .optional()
        .meta({ description: 'karmada-controller-manager runs with --enable-no-execute-taint-eviction' }),
      multiClusterService: z
        .boolean()
        .optional()
        .meta({ description: "Karmada's feature gate MultiClusterService is on" }),
    })
    .default({})
    .meta({ description: 'Facts that no API shows; left out, preflight reports them as unknown' }),
  lab: z
    .strictObject({
      control: valueRef.meta({ description: "Address of the lab's control API, which sets faults" }),
    })
    .optional()
    .meta({ description: 'Only a sandbox or rig: what `lab/break` breaks things with' }),
  mcs: z
    .strictObject({
      image: z.string().min(1).meta({
        description: 'Has Node 20 or later, e.g. `node:24-alpine`: the Job of `mcs/verify` runs it',
      }),
    })
    .optional()
    .meta({ description: 'Multi-cluster Services, seen from inside the members' }),
  hosts: z
    .strictObject({
      temporal: z.string().optional().meta({ description: 'The member that hosts Temporal' }),
      workers: z.array(z.string()).default([]).meta({ description: 'Members that host workers' }),
    })
    .default({ workers: [] })
    .meta({ description: 'Preflight refuses a victim among them' }),
  notify: z
    .array(
      z.strictObject({
        name: z.string().meta({ description: 'For `drill/notify`' }),
        url: secretRef.meta({ description: 'A webhook that takes `{"text": …}`' }),
      }),
    )
    .default([])
    .meta({ description: 'Receivers of messages' }),
});
type Parsed = z.infer<typeof fleet>;

/** A parsed fleet file and where it was read from (absolute; file references are relative to its folder). */
export type Fleet = Parsed & { file: string };

/** A small catalogue and fleet for tests of the language: kinds by the agreed names that do nothing. */
import { z } from 'zod';
import { type CompileOptions, compile } from '../../dsl/compile.ts';
import { duration } from '../../dsl/duration.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Catalogue, KindDescription } from '../../dsl/kind.ts';

const member = (fleet: Fleet, cluster: string) =>
  cluster in fleet.members
    ? []
    : [
        {
          path: ['cluster'],
          found: cluster,
          expected: 'a member of the fleet',
          nearest: Object.keys(fleet.members),
          remedy: 'Name a member',
        },
      ];

function kind(name: string, input: z.ZodType, more: Partial<KindDescription> = {}): KindDescription {
  return {
    name,
    version: 1,
    summary: `${name}, for tests`,
    doc: 'Does nothing.',
    input,
    output: z.object({}),
    example: {},
    effect: 'reads',
    verbs: ['look'],
    queue: 'control',
    mover: false,
    background: false,
    timeoutMs: 60_000,
    manifests: [],
    permissions: () => [],
    ...more,
  };
}

const acts: Partial<KindDescription> = {
  verbs: ['snapshot', 'act', 'undo', 'compare'],
  undoPhase: 'placement',
};
const cluster = z.strictObject({ cluster: z.string() });
const workload = z
  .string()
  .regex(/^deployment\/[a-z0-9-]+$/, { message: 'a workload such as deployment/hello' });
const federation = (verbs: string[]) => () => [
  { plane: 'federation', group: 'apps', resource: 'deployments', verbs },
];

const kinds: KindDescription[] = [
  kind('karmada/join', cluster, {
    ...acts,
    effect: 'provides',
    undoPhase: 'membership',
    output: z.object({ joined: z.boolean(), generation: z.int() }),
    check: (input, fleet) => member(fleet, input.cluster),
    permissions: federation(['create', 'delete']),
  }),
  kind('karmada/apply', z.strictObject({ manifests: z.array(z.record(z.string(), z.unknown())) }), {
    ...acts,
    effect: 'provides',
    manifests: ['manifests'],
    permissions: federation(['patch']),
  }),
  kind(
    'karmada/await-spread',
    z.strictObject({
      workload,
      namespace: z.string().default('demo'),
      expect: z.union([z.enum(['steady', 'without-victim']), z.record(z.string(), z.int().min(0))]),
    }),
    {
      output: z.object({
        afterMs: z.number(),
        moved: z.boolean(),
        spread: z.record(z.string(), z.int()),
        series: z.array(z.object({ atMs: z.number(), ready: z.record(z.string(), z.int()) })),
      }),
      permissions: federation(['get', 'list']),
    },
  ),
  kind('kubernetes/drain', cluster, {
    ...acts,
    effect: 'disrupts',
    verbs: ['snapshot', 'act', 'undo', 'compare', 'probe'],
    undoPhase: 'capacity',
    output: z.object({ nodes: z.array(z.string()), evicted: z.int() }),
    check: (input, fleet) => member(fleet, input.cluster),
    blast: (input) => ({ clusters: [input.cluster], namespaces: 'all', note: 'every pod on its nodes' }),
    permissions: (input) => [
      { plane: input.cluster, group: '', resource: 'nodes', verbs: ['list', 'patch'] },
    ],
  }),
  kind(
    'karmada/evacuate',
    z.strictObject({ cluster: z.string(), by: z.enum(['taint', 'placement', 'surge']) }),
    {
      ...acts,
      effect: 'disrupts',
      mover: true,
      blast: (input) => ({ clusters: [input.cluster], namespaces: ['demo'], note: 'the workload' }),
    },
  ),
  kind('karmada/rebalance', z.strictObject({ workload, by: z.enum(['rebalancer', 'surge']) }), {
    ...acts,
    effect: 'changes',
    mover: true,
    permissions: federation(['get', 'patch']),
  }),
  kind('glb/await-serving', z.strictObject({ backend: z.string().optional() })),
  kind('glb/await-removed', z.strictObject({ backend: z.string(), requests: z.int().optional() }), {
    permissions: () => [{ plane: 'azure', group: 'Microsoft.Cdn', resource: 'origins', verbs: ['read'] }],
  }),
  kind('glb/set-backend', z.strictObject({ backend: z.string(), weight: z.int().optional() }), {
    ...acts,
    effect: 'changes',
    undoPhase: 'routing',
  }),
  kind(
    'traffic/generate',
    z.strictObject({ rate: z.string().regex(/^\d+\/s$/), duration: duration.optional() }),
    {
      background: true,
      verbs: ['look', 'slice'],
      queue: 'traffic',
      output: z.object({ requests: z.int(), failed: z.int(), p99Ms: z.number() }),
    },
  ),
  kind('test/any', z.strictObject({ value: z.json() }), { output: z.object({ value: z.json() }) }),
  kind('drill/wait', z.strictObject({ for: duration })),
  kind('drill/notify', z.strictObject({ to: z.string(), message: z.string(), urgency: z.int().optional() })),
  kind('test/oneway', cluster, {
    effect: 'changes',
    verbs: ['snapshot', 'act', 'compare'],
    undoPhase: 'routing',
  }),
];

export const catalogue: Catalogue = new Map(kinds.map((one) => [one.name, one]));

const entry = { url: 'http://127.0.0.1:1', host: 'hello.example.com' };
export const fleet: Fleet = {
  name: 'lab',
  tier: 'sandbox',
  production: false,
  federation: {},
  members: Object.fromEntries(
    ['aks1', 'aks2', 'k3s'].map((name) => [name, { entry, exposure: 'direct', scaleNodes: 'none' }]),
  ),
  loadBalancer: {
    kind: 'front-door-classic',
    subscription: 's',
    resourceGroup: 'g',
    client: entry,
    backends: { aks1: 'a', aks2: 'b', k3s: 'c' },
    pops: 2,
    frontDoor: 'f',
    backendPool: 'p',
  },
  allowHosts: [],
  flags: {},
  hosts: { workers: [] },
  notify: [],
  file: 'fleets/lab.yaml',
};

/** Compiles a text with files beside it, on the fleet above. */
export function compiled(
  text: string,
  more: Partial<CompileOptions> & { files?: Record<string, string> } = {},
) {
  const { files = {}, ...options } = more;
  return compile({
    file: 'runbooks/drill.yaml',
    text,
    catalogue,
    fleet,
    inputs: {},
    read(path) {
      const found = files[path];
      if (found === undefined) throw new Error(`no file ${path}`);
      return found;
    },
    list: (folder) =>
      Object.keys(files).flatMap((path) => {
        const at = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
        return at === folder ? [path.slice(path.lastIndexOf('/') + 1)] : [];
      }),
    ...options,
  });
}

/** The programs of the rig: where each is built from, how it says its version, and how long its build takes. */
import type { Versions } from './versions.ts';

export interface ToolFacts {
  /** Folder below `lab/rig/tools`, with the `go.mod` that pins it. */
  module: 'karmada' | 'kwok';
  package: string;
  /** Whose version it is of. */
  of: keyof Versions;
  /** Arguments that make it print its version. */
  ask: string[];
  /** The rig does not start without it. */
  needed: boolean;
  /**
   * Of its build on 2 cores in the order of this table, where each finds compiled what the ones before it share
   * with it. Measured on empty caches, only `karmada-agent` on warm ones.
   */
  seconds: number;
  /** For a person: what it is there for. */
  purpose: string;
}

const flag = ['--version'];
const word = ['version'];
const kubernetes = { module: 'karmada', of: 'kubernetes', ask: flag } as const;
const karmada = { module: 'karmada', of: 'karmada', ask: word } as const;

/** In the order of their build. */
export const tools = {
  etcd: {
    module: 'karmada',
    package: 'go.etcd.io/etcd/server/v3',
    of: 'etcd',
    ask: flag,
    needed: true,
    seconds: 24,
    purpose: 'the store of all planes, a key prefix for each',
  },
  'kube-apiserver': {
    ...kubernetes,
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    needed: true,
    seconds: 249,
    purpose: 'the API of each member and of the federation',
  },
  'kube-controller-manager': {
    ...kubernetes,
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    needed: true,
    seconds: 83,
    purpose: "each plane's controllers",
  },
  'kube-scheduler': {
    ...kubernetes,
    package: 'k8s.io/kubernetes/cmd/kube-scheduler',
    needed: true,
    seconds: 8,
    purpose: 'puts pods on nodes, in each member',
  },
  'karmada-controller-manager': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/controller-manager',
    needed: true,
    seconds: 172,
    purpose: 'propagation, status, failover, eviction',
  },
  'karmada-scheduler': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/scheduler',
    needed: true,
    seconds: 10,
    purpose: 'puts workloads on members',
  },
  'karmada-webhook': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/webhook',
    needed: true,
    seconds: 7,
    purpose: "admission of Karmada's kinds",
  },
  'karmada-aggregated-apiserver': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/aggregated-apiserver',
    needed: true,
    seconds: 60,
    purpose: 'the Cluster kind and its proxy',
  },
  kwok: {
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    of: 'kwok',
    ask: flag,
    needed: true,
    seconds: 81,
    purpose: 'nodes and pods that only say that they run',
  },
  'karmada-agent': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/agent',
    needed: false,
    seconds: 3,
    purpose: 'a member in pull mode',
  },
  karmadactl: {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/karmadactl',
    needed: false,
    seconds: 23,
    purpose: 'what our joining is compared with',
  },
  kubectl: {
    ...kubernetes,
    package: 'k8s.io/kubernetes/cmd/kubectl',
    ask: ['version', '--client'],
    needed: false,
    seconds: 14,
    purpose: 'what our draining and waiting are compared with; to look around',
  },
  'karmada-descheduler': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/descheduler',
    needed: false,
    seconds: 4,
    purpose: 'moves replicas that cannot be scheduled where they are',
  },
  'karmada-scheduler-estimator': {
    ...karmada,
    package: 'github.com/karmada-io/karmada/cmd/scheduler-estimator',
    needed: false,
    seconds: 7,
    purpose: 'tells the scheduler what a member has room for',
  },
} as const satisfies Record<string, ToolFacts>;

export type Tool = keyof typeof tools;

/** In the order of their build. */
export const toolNames = Object.keys(tools) as Tool[];
export const neededTools = toolNames.filter((tool) => tools[tool].needed);

/** Seconds on 2 cores. */
export function buildSeconds(of: Tool[]): number {
  return of.reduce((sum, tool) => sum + tools[tool].seconds, 0);
}

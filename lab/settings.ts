/** How long things take in the lab, and how big it is. */
export interface ClusterSettings {
  /** From a pod bound to a node until it is ready; 2,000 as on the measured rig. */
  podStartMs: number;
  /** From a pod told to stop until it is gone, at most its grace period. */
  podStopMs: number;
  /** From a node object gone until its pods are removed: the pod garbage collector's 60 s. */
  podGcMs: number;
  /** From a node down until its Ready condition is Unknown: the node monitor's 50 s (Kubernetes 1.32 on). */
  nodeGraceMs: number;
  /** From NotReady until the node's pods are evicted: the default tolerations' 300 s. */
  nodeEvictionMs: number;
  nodes: number;
  /** Allocatable of each node. */
  cpu: string;
  memory: string;
  pods: number;
}

export interface Settings extends ClusterSettings {
  /** What differs on one cluster. */
  clusters: Record<string, Partial<ClusterSettings>>;
}

export type SettingsInput = Partial<Omit<Settings, 'clusters'>> & {
  clusters?: Record<string, Partial<ClusterSettings>>;
};

export const defaultSettings: Settings = {
  podStartMs: 2000,
  podStopMs: 300,
  podGcMs: 60_000,
  nodeGraceMs: 50_000,
  nodeEvictionMs: 300_000,
  nodes: 3,
  cpu: '4',
  memory: '8Gi',
  pods: 110,
  clusters: { k3s: { nodes: 2, cpu: '2', memory: '4Gi' } },
};

export function settingsFrom(input: SettingsInput, base: Settings = defaultSettings): Settings {
  const clusters: Settings['clusters'] = { ...base.clusters };
  for (const [cluster, own] of Object.entries(input.clusters ?? {}))
    clusters[cluster] = { ...clusters[cluster], ...own };
  return { ...base, ...input, clusters };
}

/** Of one cluster, with what is its own. Read when needed: the control API may change it. */
export function settingsOf(settings: Settings, cluster: string): ClusterSettings {
  return { ...settings, ...settings.clusters[cluster] };
}

/** What a point of presence needs to know to serve a route: the configuration after the management API. */
export interface Origin {
  name: string;
  host: string;
  port: number;
  /** '' = the client's own Host is passed on. */
  hostHeader: string;
  enabled: boolean;
  /** 1..1000 */
  weight: number;
  /** 1..5, lowest first. */
  priority: number;
}

export interface Delivery {
  /** Resource id of the origin group or backend pool; probes and samples belong to it. */
  id: string;
  hosts: string[];
  /** `/*`, `/api/*` or an exact path. */
  patterns: string[];
  origins: Origin[];
  probe: { path: string; method: 'GET' | 'HEAD'; intervalMs: number };
  sampleSize: number;
  successfulSamplesRequired: number;
  latencyBandMs: number;
  originTimeoutMs: number;
}

/** The delivery for a request: the longest matching pattern of those that serve the host. */
export function match(deliveries: Delivery[], host: string, path: string): Delivery | undefined {
  let best: { delivery: Delivery; length: number } | undefined;
  for (const delivery of deliveries) {
    if (!delivery.hosts.includes(host)) continue;
    for (const pattern of delivery.patterns)
      if (covers(pattern, path) && pattern.length > (best?.length ?? -1))
        best = { delivery, length: pattern.length };
  }
  return best?.delivery;
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

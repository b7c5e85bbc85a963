/**
 * Which origin gets a request: enabled and healthy, then the lowest priority, then within the latency band of
 * the fastest, then by weight in turn. When none is healthy, all enabled ones are taken in turn.
 * Source: Azure Front Door, "Traffic routing methods to origin".
 */
export interface Candidate {
  name: string;
  enabled: boolean;
  healthy: boolean;
  priority: number;
  weight: number;
  /** As this point of presence measured it; 0 before the first probe. */
  latencyMs: number;
}

export function eligible<C extends Candidate>(candidates: readonly C[], bandMs: number): C[] {
  const enabled = candidates.filter((candidate) => candidate.enabled);
  const healthy = enabled.filter((candidate) => candidate.healthy);
  if (healthy.length === 0) return enabled;
  const first = Math.min(...healthy.map((candidate) => candidate.priority));
  const preferred = healthy.filter((candidate) => candidate.priority === first);
  const fastest = Math.min(...preferred.map((candidate) => candidate.latencyMs));
  return preferred.filter((candidate) => candidate.latencyMs <= fastest + bandMs);
}

/** Smooth weighted round robin: spreads a heavy origin's turns instead of bunching them (as nginx does). */
export function createTurns(): <C extends Candidate>(candidates: readonly C[]) => C | undefined {
  const credit = new Map<string, number>();
  return (candidates) => {
    let best: (typeof candidates)[number] | undefined;
    let total = 0;
    for (const candidate of candidates) {
      total += candidate.weight;
      const now = (credit.get(candidate.name) ?? 0) + candidate.weight;
      credit.set(candidate.name, now);
      if (best === undefined || now > (credit.get(best.name) ?? 0)) best = candidate;
    }
    if (best !== undefined) credit.set(best.name, (credit.get(best.name) ?? 0) - total);
    return best;
  };
}

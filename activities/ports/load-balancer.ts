/** A global load balancer that spreads users over the members' entry points. */
import type { Target } from './requester.ts';

export interface Backend {
  /** Member name. */
  member: string;
  /** Name in the load balancer (origin, backend). */
  name: string;
  /** Address the balancer sends to, host or host:port. */
  address: string;
  hostHeader: string;
  enabled: boolean;
  /** 1..1000 */
  weight: number;
  /** 1..5, lowest first. */
  priority: number;
}

/** The probes' settings decide how fast a dead backend is dropped. */
export interface ProbeSettings {
  path: string;
  intervalMs: number;
  /** A backend is healthy when `successful` of its last `samples` probes were. */
  samples: number;
  successful: number;
}

export interface Balancing {
  backends: Backend[];
  probe: ProbeSettings;
  /** Backends within this of the fastest one share the traffic by weight. */
  latencyBandMs: number;
}

export interface BackendHealth {
  member: string;
  /** Share of probes that passed, 0..1; undefined when the balancer has no figure (yet). */
  passing: number | undefined;
  asOfMs: number;
}

export interface GlobalLoadBalancer {
  /** Where clients send. */
  target(): Target;
  describe(signal: AbortSignal): Promise<Balancing>;
  /**
   * Makes the balancing what is wanted and waits until the balancer says so. `operation` is the state of a
   * long-running change begun by a lost attempt: it is resumed, never sent twice; `onOperation` hands out the
   * state to keep.
   */
  ensure(
    wanted: Balancing,
    options: { signal: AbortSignal; operation?: string; onOperation(state: string): void },
  ): Promise<{ changed: boolean }>;
  /** From the balancer's metrics; late by minutes on Azure, never the only evidence. */
  health(signal: AbortSignal): Promise<BackendHealth[]>;
  /** Bounds on removal by the probe settings alone, ms after the backend died. */
  pops: number;
}

/**
 * Predicted removal: `samples - successful + 1` failed probes are needed; the first may come at once or an
 * interval later, and a probe fails only after its timeout. Source: Front Door's documentation of health probes.
 */
export function predictRemoval(
  probe: ProbeSettings,
  probeTimeoutMs: number,
): { minMs: number; maxMs: number } {
  const failures = probe.samples - probe.successful + 1;
  return {
    minMs: (failures - 1) * probe.intervalMs,
    maxMs: failures * probe.intervalMs + probeTimeoutMs,
  };
}

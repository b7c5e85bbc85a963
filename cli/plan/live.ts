/** The preflight of a Plan from this machine: what `start` would find out first, and nothing else. */
import { contextOf } from '../../activities/activity.ts';
import type { Attempt } from '../../activities/attempt.ts';
import { preflight } from '../../activities/engine/preflight.ts';
import { predictRemoval } from '../../activities/ports/load-balancer.ts';
import { registry } from '../../activities/registry.ts';
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Plan } from '../../dsl/plan.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';

const WITHIN_MS = 60_000;
/** Front Door gives a probe up after this, whatever its interval (documentation of health probes). */
const PROBE_TIMEOUT_MS = 5000;

export async function livePreflight(plan: Plan): Promise<PreflightFinding[]> {
  const ports = openPorts(plan.fleet);
  const signal = AbortSignal.timeout(WITHIN_MS);
  const deadlineMs = Date.now() + WITHIN_MS;
  const attempt: Attempt = {
    signal,
    previous: undefined,
    mayOverlap: false,
    heartbeat() {},
    beginFault() {},
    faultAtMs: () => undefined,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  const identity = { plan, run: 'plan' };
  return await preflight(plan, {
    kinds: new Map(registry.map((kind) => [kind.name, kind])),
    ports,
    signal,
    contextOf: (step) => contextOf(identity, ports, { step, deadlineMs }, attempt),
  });
}

/** How fast the balancer can drop a dead backend as it is set now; undefined when it does not say. */
export async function liveRemoval(fleet: Fleet): Promise<{ minMs: number; maxMs: number } | undefined> {
  if (fleet.loadBalancer === undefined) return undefined;
  try {
    const { probe } = await openPorts(fleet).loadBalancer().describe(AbortSignal.timeout(10_000));
    return predictRemoval(probe, PROBE_TIMEOUT_MS);
  } catch {
    // The preflight asks the same and says what is wrong.
    return undefined;
  }
}

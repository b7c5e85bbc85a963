/** Whether the objective can be met at all, by the load balancer's probe settings: said before anything is broken. */
import { type Compilation, report, reportNode } from '../compilation.ts';
import { durationText } from '../milliseconds.ts';
import type { Objective } from '../plan.ts';
import { type KnownStep, runningSteps } from '../steps.ts';

/** The kind that waits until a backend gets no more traffic. */
const AWAIT_REMOVED = 'glb/await-removed';

export interface Reachable {
  removal: { minMs: number; maxMs: number };
  /** Share of requests that the dead backend gets until it is removed. */
  victimShare: number;
  /** Availability over [fault, fault + rto], when removal takes longest and shortest. */
  availability?: { worst: number; best: number };
}

/** What the probe settings allow: a dead backend gets its equal share of the requests until it is removed. */
export function reachable(
  objective: Objective | undefined,
  removal: { minMs: number; maxMs: number },
  backends: number,
): Reachable {
  const victimShare = backends > 0 ? 1 / backends : 1;
  const rtoMs = objective?.rtoMs;
  if (rtoMs === undefined) return { removal, victimShare };
  const left = (ms: number) => 1 - (victimShare * Math.min(ms, rtoMs)) / rtoMs;
  return { removal, victimShare, availability: { worst: left(removal.maxMs), best: left(removal.minMs) } };
}

export function checkFeasibility(compilation: Compilation): void {
  const { removal, fleet } = compilation.options;
  if (removal === undefined) return;
  const steps = runningSteps(compilation);
  for (const known of steps) if (known.kind.name === AWAIT_REMOVED) checkTimeout(compilation, known, removal);
  // Who takes users away before the fault does not wait for probes.
  if (!steps.some(({ step }) => step.fault) || routedBefore(steps)) return;
  const backends = Object.keys(fleet.loadBalancer?.backends ?? {}).length;
  checkObjective(compilation, reachable(compilation.objective, removal, backends));
}

function routedBefore(steps: KnownStep[]): boolean {
  const fault = steps.findIndex(({ step }) => step.fault);
  return steps
    .slice(0, fault)
    .some(({ kind, origin }) => origin.section === 'steps' && kind.undoPhase === 'routing');
}

function checkTimeout(compilation: Compilation, { step }: KnownStep, removal: Reachable['removal']): void {
  if (step.timeoutMs >= removal.maxMs) return;
  const impossible = step.timeoutMs < removal.minMs;
  reportNode(compilation, step, 'timeout', {
    code: 'FD1803',
    severity: impossible ? 'error' : 'warning',
    what: impossible
      ? 'the load balancer cannot have removed a backend by then'
      : 'the load balancer may need longer to remove a backend',
    found: `timeout ${durationText(step.timeoutMs)}; removal takes ${span(removal)} by the probe settings`,
    expected: `at least ${durationText(removal.maxMs)}`,
    remedy: 'Raise the timeout, or let the load balancer probe more often',
  });
}

function checkObjective(compilation: Compilation, { removal, victimShare, availability }: Reachable): void {
  const { rtoMs, availability: wanted } = compilation.objective ?? {};
  if (rtoMs !== undefined && rtoMs < removal.maxMs) {
    const impossible = rtoMs < removal.minMs;
    report(compilation, compilation.main, ['objective', 'rto'], {
      code: 'FD1804',
      severity: impossible ? 'error' : 'warning',
      what: impossible ? 'this time cannot be met' : 'this time may not be met',
      found: `rto ${durationText(rtoMs)}; a dead backend is removed after ${span(removal)} by the probe settings`,
      expected: `at least ${durationText(impossible ? removal.minMs : removal.maxMs)}`,
      remedy: 'Raise the objective, or let the load balancer probe more often',
    });
  }
  if (wanted === undefined || availability === undefined || wanted <= availability.worst) return;
  // Never an error: a victim that goes on serving while it is drained loses less than a dead one.
  const lost = `1 - ${victimShare.toFixed(3)} × min(removal, rto) / rto`;
  report(compilation, compilation.main, ['objective', 'availability'], {
    code: 'FD1804',
    severity: 'warning',
    what: `this availability ${wanted > availability.best ? 'is out of reach of a backend that dies at once' : 'may not be met'}`,
    found: `${percent(wanted)}; reachable are ${percent(availability.worst)} to ${percent(availability.best)} (${lost}, removal ${span(removal)})`,
    expected: `at most ${percent(availability.worst)}`,
    remedy: 'Lower the objective, probe more often, or move users before the fault',
  });
}

const span = ({ minMs, maxMs }: Reachable['removal']) => `${durationText(minMs)} to ${durationText(maxMs)}`;
/** Rounded down: never promise more than there is. */
const percent = (share: number) => `${Math.floor(share * 1000) / 10}%`;

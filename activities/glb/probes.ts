/** How fast the load balancer's own probes can take a backend away, and whether they would see the application. */
import { durationText } from '../../dsl/duration.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { nearest } from '../../dsl/nearest.ts';
import type { Finding, StepContext } from '../kind.ts';
import { type Backend, type Balancing, predictRemoval } from '../ports/load-balancer.ts';
import type { Answer, Target } from '../ports/requester.ts';

/** Azure does not say after how long a probe fails; taken for the prediction's upper end. */
export const PROBE_TIMEOUT_MS = 5_000;

export const predicted = ({ probe }: Balancing) => predictRemoval(probe, PROBE_TIMEOUT_MS);

/** Where a probe of this member goes: its entry point, with the host header the balancer sends. */
export function probeTarget({ backends, probe }: Balancing, member: string, context: StepContext): Target {
  const entry = context.ports.member(member).entry();
  const header = backends.find((backend) => backend.member === member)?.hostHeader;
  return { url: new URL(probe.path, entry.url).href, host: header || entry.host };
}

/** Asks as a probe would. Only a 200 is healthy, and only a pod's answer says that the application lives. */
export async function probeOnce(balancing: Balancing, member: string, context: StepContext): Promise<Answer> {
  const target = probeTarget(balancing, member, context);
  return context.ports.requester.request(target, { timeoutMs: PROBE_TIMEOUT_MS, signal: context.signal });
}

/** Nothing when the probe passes by a pod's answer; else what is wrong with it. */
export function probeProblem({ status, served, error }: Answer, path: string): string | undefined {
  if (status !== 200)
    return `a probe of ${path} gets ${status ?? error ?? 'no answer'}, and only 200 counts as healthy`;
  return served === ''
    ? `a probe of ${path} is answered 200 by the ingress itself, not by a pod: it stays healthy when the application dies`
    : undefined;
}

const finding = (
  severity: Finding['severity'],
  code: string,
  where: string,
  what: string,
  remedy: string,
): Finding => ({
  severity,
  code,
  where,
  what,
  remedy,
});

/** Reads the balancer once; what every glb kind must know beforehand. */
export async function inspect(
  names: string[],
  context: StepContext,
): Promise<{ balancing: Balancing; findings: Finding[] }> {
  const balancing = await context.ports.loadBalancer().describe(context.signal);
  return {
    balancing,
    findings: [...retirement(context.fleet), ...unnamed(balancing), ...identity(context.fleet, names)],
  };
}

/** For kinds that need the backends to be there before the drill makes any. */
export function missingBackends(names: string[], { backends }: Balancing): Finding[] {
  return names.flatMap((name) => {
    const found = backends.find((backend) => backend.member === name);
    if (!found)
      return finding(
        'warning',
        'FD4101',
        name,
        'the load balancer has no backend for it yet',
        hint(name, backends),
      );
    return found.enabled
      ? []
      : finding(
          'warning',
          'FD4102',
          name,
          'its backend is disabled',
          'Enable it, or let glb/ensure or glb/restore do so',
        );
  });
}

function hint(name: string, backends: Backend[]): string {
  const close = nearest(
    name,
    backends.map((backend) => backend.name),
  );
  return close.length > 0
    ? `Did you mean ${close.join(' or ')}? Correct \`loadBalancer.backends\` in the fleet file, or let glb/ensure make it`
    : 'glb/ensure in the set-up makes it; without that step, add it to the load balancer';
}

/** The arithmetic of removal, and whether a step's timeout leaves room for it. */
export function removalFindings(balancing: Balancing, neededMs: number, timeoutMs: number): Finding[] {
  const { samples, successful, intervalMs } = balancing.probe;
  const { minMs, maxMs } = predicted(balancing);
  const sum = `${samples} - ${successful} + 1 = ${samples - successful + 1} probes must fail, one every ${durationText(intervalMs)}: removal takes ${durationText(minMs)} to ${durationText(maxMs)}, its proof ${durationText(neededMs)} more`;
  if (minMs + neededMs > timeoutMs)
    return [
      finding(
        'error',
        'FD4103',
        'load balancer',
        `${sum}; the step gives up after ${durationText(timeoutMs)}`,
        'Raise the timeout of the step, or probe more often',
      ),
    ];
  const tight = maxMs + neededMs > timeoutMs;
  return [
    finding(
      tight ? 'warning' : 'ok',
      'FD4103',
      'load balancer',
      tight ? `${sum}; the timeout of ${durationText(timeoutMs)} may not do` : sum,
      tight ? 'Raise the timeout of the step' : '',
    ),
  ];
}

/** Classic takes no changes after this day (Microsoft's retirement notice). */
const RETIRED_MS = Date.UTC(2027, 2, 31);

function retirement({ loadBalancer }: Fleet): Finding[] {
  if (loadBalancer?.kind !== 'front-door-classic') return [];
  return [
    finding(
      'warning',
      'FD4104',
      loadBalancer.frontDoor,
      `Front Door classic ${Date.now() > RETIRED_MS ? 'takes' : 'will take'} no changes after 2027-03-31, also none in an emergency`,
      'Migrate to Front Door Standard or Premium',
    ),
  ];
}

function unnamed({ backends }: Balancing): Finding[] {
  return backends
    .filter((backend) => backend.member === '')
    .map((backend) =>
      finding(
        'warning',
        'FD4105',
        backend.name,
        `the load balancer also sends to ${backend.address}, which the fleet file names no member for`,
        'Add it to `loadBalancer.backends`, or take it out of the load balancer; a drill leaves it alone',
      ),
    );
}

function identity(fleet: Fleet, names: string[]): Finding[] {
  return fleet.identity || names.length === 0
    ? []
    : [
        finding(
          'error',
          'FD4106',
          fleet.file,
          'the fleet file has no `identity`: nobody can tell which member routed a request',
          'Let each entry point mark its answers and name the header under `identity`',
        ),
      ];
}

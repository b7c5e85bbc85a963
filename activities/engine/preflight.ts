/** Everything that can be known before anything is touched: read-only, all at once, nothing stops the others. */

import { type Instance, instancesOf } from '../../dsl/instances.ts';
import { planPermissions } from '../../dsl/permissions.ts';
import { LANGUAGE, type Plan } from '../../dsl/plan.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { refused } from '../failure.ts';
import { inputOf } from '../input.ts';
import type { Kind, StepContext } from '../kind.ts';
import type { Ports } from '../ports/ports.ts';
import { findingOf } from './finding.ts';
import { permissionFindings } from './permissions.ts';
import { reachFindings } from './reach.ts';

export interface PreflightWiring {
  kinds: ReadonlyMap<string, Kind>;
  ports: Ports;
  /** A step's context, for kinds that look for themselves. */
  contextOf(step: string): StepContext;
  signal: AbortSignal;
}

export async function preflight(plan: Plan, wiring: PreflightWiring): Promise<PreflightFinding[]> {
  // What its condition rules out needs no right and no check.
  const instances = instancesOf(plan).filter(({ skippedBy }) => skippedBy === undefined);
  const mismatches = versionFindings(plan, instances, wiring.kinds);
  if (mismatches.length > 0) return mismatches;
  const planes = await reachFindings(plan, wiring.ports, wiring.signal);
  // Asking a plane that does not answer again for every step would only repeat the same finding.
  const silent = new Map(planes.filter((one) => one.severity === 'error').map((one) => [one.where, one]));
  // Those of act and undo alike: an undo that is not allowed must be known before the act.
  const permissions = planPermissions(plan, instances, wiring.kinds).filter((one) => !silent.has(one.plane));
  const [granted, ...kinds] = await Promise.all([
    permissionFindings(permissions, wiring.ports, wiring.signal),
    ...instances.map((one) => kindFindings(one, { ...wiring, ports: answering(wiring.ports, silent) })),
  ]);
  return distinct([...planes, ...granted, ...kinds.flat(), ...hostFindings(plan)]);
}

/** A plane that did not answer is not asked again: who needs it gets the finding that is there already. */
function answering(ports: Ports, silent: ReadonlyMap<string, PreflightFinding>): Ports {
  const unlessSilent =
    <T>(open: (name: string) => T) =>
    (name: string): T => {
      const finding = silent.get(name);
      if (finding === undefined) return open(name);
      throw refused({ code: finding.code, where: name, what: finding.what, remedy: finding.remedy });
    };
  const federation = unlessSilent(() => ports.federation());
  return {
    ...ports,
    member: unlessSilent((name) => ports.member(name)),
    federation: () => federation('federation'),
  };
}

function versionFindings(
  plan: Plan,
  instances: Instance[],
  kinds: ReadonlyMap<string, Kind>,
): PreflightFinding[] {
  const newer: PreflightFinding[] =
    plan.language <= LANGUAGE
      ? []
      : [mismatch(`the Plan is written in language ${plan.language}, this worker knows ${LANGUAGE}`)];
  for (const { step } of instances) {
    const kind = kinds.get(step.uses);
    if (kind === undefined) newer.push(mismatch(`this worker has no kind ${step.uses}`));
    else if (step.version > kind.version)
      newer.push(
        mismatch(`the Plan wants ${step.uses} version ${step.version}, this worker has ${kind.version}`),
      );
  }
  return distinct(newer);
}

const mismatch = (what: string): PreflightFinding => ({
  severity: 'error',
  code: 'FD6014',
  where: 'worker',
  what,
  remedy: 'Update the worker to the version that compiled the Plan',
});

async function kindFindings(
  { step, path, input }: Instance,
  wiring: PreflightWiring,
): Promise<PreflightFinding[]> {
  const kind = wiring.kinds.get(step.uses);
  if (kind?.preflight === undefined) return [];
  if (input === undefined)
    return [
      {
        severity: 'unknown',
        code: 'FD6015',
        where: path,
        what: `${step.uses} cannot be checked beforehand: its input is known only while it runs`,
        remedy: 'None needed; write the values out if you want them checked',
      },
    ];
  try {
    return await kind.preflight(inputOf(kind, input), {
      ...wiring.contextOf(path),
      ports: wiring.ports,
      timeoutMs: step.timeoutMs,
    });
  } catch (error) {
    const remedy = 'Mend what it names and try `npx firedrill plan --live`';
    return [findingOf(error, { code: 'FD6016', where: path, remedy })];
  }
}

/** A victim must not host what watches it die. */
function hostFindings(plan: Plan): PreflightFinding[] {
  if (plan.victim === undefined) return [];
  const { hosts, federation } = plan.fleet;
  const hosted = [
    ...(hosts.temporal === plan.victim ? ['Temporal'] : []),
    ...(hosts.workers.includes(plan.victim) ? ['a worker'] : []),
  ];
  const findings: PreflightFinding[] = hosted.map((what) => ({
    severity: 'error',
    code: 'FD6017',
    where: plan.victim!,
    what: `${what} runs on the cluster that this drill takes away`,
    remedy: 'Host it outside the clusters being rehearsed',
  }));
  if (federation?.on === plan.victim)
    findings.push({
      severity: 'warning',
      code: 'FD6018',
      where: plan.victim,
      what: 'the Karmada control plane runs on the cluster that this drill takes away: nothing will be re-placed',
      remedy: 'Move the control plane to a cluster of its own, or expect the drill to show just that',
    });
  return findings;
}

function distinct(findings: PreflightFinding[]): PreflightFinding[] {
  const seen = new Set<string>();
  return findings.filter((one) => {
    const key = JSON.stringify([one.code, one.where, one.what]);
    return !seen.has(key) && seen.add(key);
  });
}

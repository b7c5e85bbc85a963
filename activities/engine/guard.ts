/** The last look before a disrupting act: may it hit what it is about to hit, here and now? */
import { Cron } from 'croner';
import { isByReport } from '../../dsl/askable.ts';
import type { Blast } from '../../dsl/kind.ts';
import { mergePermissions } from '../../dsl/permissions.ts';
import type { Guard, Json, Plan } from '../../dsl/plan.ts';
import { refused } from '../failure.ts';
import type { Kind, StepContext } from '../kind.ts';
import type { Ports } from '../ports/ports.ts';
import { permissionFindings } from './permissions.ts';

export interface Act {
  step: string;
  kind: Kind;
  input: Json;
}

/** Throws `refused` when a guard forbids the act; names every guard that does. */
export async function guard(plan: Plan, act: Act, context: StepContext): Promise<void> {
  const blast = act.kind.blast?.(act.input, plan.fleet);
  const reasons = [
    ...allowReasons(plan.guard, blast),
    ...blackoutReasons(plan.guard, new Date()),
    ...(await blastReasons(plan, blast, context.ports, context.signal)),
    ...(await rightReasons(plan, act, context)),
    ...(await preflightReasons(plan.guard, act, context)),
  ];
  if (reasons.length === 0) return;
  throw refused({
    code: 'FD6023',
    where: act.step,
    what: `a guard forbids it: ${reasons.join('; ')}`,
    remedy: 'Change what the runbook disrupts, or its `guard`',
  });
}

function allowReasons({ allow }: Guard, blast: Blast | undefined): string[] {
  if (allow === undefined || blast === undefined) return [];
  return blast.clusters
    .filter((name) => !allow.includes(name))
    .map((name) => `${name} is not in the allow list`);
}

export function blackoutReasons({ blackout }: Guard, now: Date): string[] {
  return blackout
    .filter(({ cron, timezone, forMs }) => {
      const began = new Cron(cron, { timezone }).previousRuns(1, now)[0];
      return began !== undefined && now.getTime() - began.getTime() < forMs;
    })
    .map(({ cron, timezone, reason }) => `blackout (${reason}; ${cron} ${timezone})`);
}

/** What the act would hit is counted on the clusters themselves, all tenants included. */
async function blastReasons(
  { guard: { blast: limits }, fleet }: Plan,
  blast: Blast | undefined,
  ports: Ports,
  signal: AbortSignal,
): Promise<string[]> {
  if (limits === undefined || blast === undefined) return [];
  const uncounted = blast.clusters.filter((name) => isByReport(fleet.members[name]!));
  if (uncounted.length > 0 && (limits.pods ?? limits.namespaces) !== undefined)
    return [
      `pods on ${uncounted.join(', ')} cannot be counted: nothing reaches its API; limit bindings instead`,
    ];
  const asked = blast.clusters.filter((name) => !uncounted.includes(name));
  const pods = (await Promise.all(asked.map((name) => ports.member(name).pods({}, signal)))).flat();
  const hit = pods.filter((pod) => blast.namespaces === 'all' || blast.namespaces.includes(pod.namespace));
  const counts: Required<NonNullable<Guard['blast']>> = {
    pods: hit.length,
    namespaces: new Set(hit.map((pod) => pod.namespace)).size,
    bindings: limits.bindings === undefined ? 0 : await bindingsOn(blast.clusters, ports, signal),
  };
  return (['pods', 'namespaces', 'bindings'] as const)
    .filter((what) => limits[what] !== undefined && counts[what] > limits[what])
    .map((what) => `it would hit ${counts[what]} ${what}, the limit is ${limits[what]}`);
}

async function bindingsOn(clusters: string[], ports: Ports, signal: AbortSignal): Promise<number> {
  const bindings = await ports.federation().bindings(signal);
  return bindings.filter((one) => clusters.some((name) => (one.spread[name] ?? 0) > 0)).length;
}

/** What may not be undone is not done: the rights of the way back are asked for with those of the act. */
async function rightReasons(plan: Plan, { kind, input }: Act, context: StepContext): Promise<string[]> {
  const permissions = mergePermissions(kind.permissions(input, plan.fleet));
  const findings = await permissionFindings(permissions, context.ports, context.signal);
  return findings
    .filter((one) => one.severity === 'error')
    .map((one) => `${one.where}: ${one.what} (${one.remedy})`);
}

/** The kind's own checks once more: hours may lie between preflight and an approved act. */
async function preflightReasons(
  { survivorCapacity }: Guard,
  act: Act,
  context: StepContext,
): Promise<string[]> {
  const findings = (await act.kind.preflight?.(act.input, context)) ?? [];
  return findings
    .filter(
      (one) =>
        one.severity === 'error' || (survivorCapacity && one.code === NO_ROOM && one.severity === 'warning'),
    )
    .map((one) => `${one.where}: ${one.what}`);
}

/** Code of the finding that survivors have no room for the victim's pods. */
const NO_ROOM = 'FD3040';

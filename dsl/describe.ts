/** What a Plan would do, for a person or a program to read before it does. Pure data. */
import { type Instance, instancesOf } from './instances.ts';
import type { Blast, Catalogue, Permission } from './kind.ts';
import { inputFor, planPermissions } from './permissions.ts';
import { type Effect, type Json, type Plan, type UndoPhase, undoPhases } from './plan.ts';
import { type Reachable, reachable } from './rules/feasibility.ts';

export interface Description {
  runbook: string;
  title?: string;
  hash: string;
  fleet: { name: string; tier: string; production: boolean };
  inputs: Plan['inputs'];
  victim?: string;
  objective?: Plan['objective'];
  /** Steps that change something, in the order they run. */
  touched: { path: string; title: string; uses: string; effect: Effect; fault: boolean; with: Json }[];
  /** What is put back at the end by itself, in the order of the safety net. */
  undone: { path: string; title: string; phase: UndoPhase; when: 'always' | 'when the run fails' }[];
  waitedFor: { path: string; title: string; uses: string; timeoutMs: number }[];
  /** Steps whose condition is false whatever the run does. */
  skipped: { path: string; title: string; because: string }[];
  blast: (Blast & { path: string })[];
  permissions: Permission[];
  /** Steps whose input only the run knows: their rights are not among `permissions`. */
  rightsUnknown: string[];
  approvals: { path: string; withinMs: number }[];
  guard: Plan['guard'];
  bounds: Plan['bounds'];
  /** What the load balancer's probe settings allow; only when they were read. */
  feasibility?: Reachable;
}

/** `removal` is the prediction from the load balancer's probe settings, when these were read. */
export function describe(
  plan: Plan,
  catalogue: Catalogue,
  removal?: { minMs: number; maxMs: number },
): Description {
  const all = instancesOf(plan);
  const running = all.filter(({ skippedBy }) => skippedBy === undefined);
  const { name, tier, production } = plan.fleet;
  return {
    runbook: plan.runbook.name,
    ...(plan.runbook.description !== undefined && { title: plan.runbook.description }),
    hash: plan.hash,
    fleet: { name, tier, production },
    inputs: plan.inputs,
    ...(plan.victim !== undefined && { victim: plan.victim }),
    ...(plan.objective !== undefined && { objective: plan.objective }),
    touched: running.filter(({ step }) => step.effect !== 'reads').map(touchedBy),
    undone: undoneOf(running),
    waitedFor: running.filter(({ step }) => step.effect === 'reads').map(waitedFor),
    skipped: all.flatMap(({ path, step, skippedBy }) =>
      skippedBy === undefined ? [] : { path, title: step.title, because: `if: ${skippedBy}` },
    ),
    blast: running.flatMap((one) => blastOf(one, plan, catalogue)),
    permissions: planPermissions(plan, running, catalogue),
    rightsUnknown: running.filter(({ input }) => input === undefined).map(({ path }) => path),
    approvals: running.flatMap(({ step, path }) =>
      step.approval === undefined ? [] : { path, ...step.approval },
    ),
    guard: plan.guard,
    bounds: plan.bounds,
    ...(removal !== undefined && { feasibility: reachable(plan.objective, removal, backendsOf(plan)) }),
  };
}

const backendsOf = (plan: Plan) => Object.keys(plan.fleet.loadBalancer?.backends ?? {}).length;

function touchedBy({ step, path, input }: Instance): Description['touched'][number] {
  const { title, uses, effect, fault } = step;
  return { path, title, uses, effect, fault, with: input ?? 'known when it runs' };
}

function waitedFor({ step, path }: Instance): Description['waitedFor'][number] {
  return { path, title: step.title, uses: step.uses, timeoutMs: step.timeoutMs };
}

/** Recovery's own acts are where things belong: they are not undone. */
function undoneOf(instances: Instance[]): Description['undone'] {
  return undoPhases.flatMap((phase) =>
    instances
      .filter(
        ({ step, section }) => step.undoPhase === phase && step.undo !== 'none' && section !== 'recover',
      )
      .toReversed()
      .map(({ step, path }) => ({
        path,
        title: step.title,
        phase,
        when: step.effect === 'provides' ? ('when the run fails' as const) : ('always' as const),
      })),
  );
}

function blastOf(one: Instance, plan: Plan, catalogue: Catalogue): Description['blast'] {
  const known = inputFor(one, catalogue);
  const blast = known?.kind.blast?.(known.input, plan.fleet);
  return blast === undefined ? [] : [{ path: one.path, ...blast }];
}

/** What a Plan would do, for a person or a program to read before it does. Pure. */
import { type Instance, instancesOf } from '../../activities/engine/instances.ts';
import { durationText } from '../../dsl/duration.ts';
import type { Blast, Catalogue, Permission } from '../../dsl/kind.ts';
import { type Plan, undoPhases } from '../../dsl/plan.ts';

export interface PlanView {
  runbook: string;
  title?: string;
  hash: string;
  fleet: { name: string; tier: string; production: boolean };
  inputs: Plan['inputs'];
  victim?: string;
  objective?: Plan['objective'];
  /** Steps that change something, in the order they run. */
  touched: Touched[];
  /** What is put back at the end by itself, in the order of the safety net. */
  undone: { path: string; title: string; phase: string; when: 'always' | 'when the run fails' }[];
  waitedFor: { path: string; title: string; uses: string; atMost: string }[];
  blast: (Blast & { path: string })[];
  permissions: Permission[];
  approvals: string[];
  guard: Plan['guard'];
  bounds: Plan['bounds'];
}

interface Touched {
  path: string;
  title: string;
  uses: string;
  effect: string;
  fault: boolean;
  with: unknown;
}

export function planView(plan: Plan, catalogue: Catalogue): PlanView {
  const instances = instancesOf(plan);
  const { name, tier, production } = plan.fleet;
  return {
    runbook: plan.runbook.name,
    ...(plan.runbook.description !== undefined && { title: plan.runbook.description }),
    hash: plan.hash,
    fleet: { name, tier, production },
    inputs: plan.inputs,
    ...(plan.victim !== undefined && { victim: plan.victim }),
    ...(plan.objective !== undefined && { objective: plan.objective }),
    touched: instances.filter(({ step }) => step.effect !== 'reads').map(touchedBy),
    undone: undoneOf(instances),
    waitedFor: instances
      .filter(({ step }) => step.effect === 'reads')
      .map(({ step, path }) => ({
        path,
        title: step.title,
        uses: step.uses,
        atMost: durationText(step.timeoutMs),
      })),
    blast: instances.flatMap((one) => blastOf(one, plan, catalogue)),
    permissions: permissionsOf(instances, plan, catalogue),
    approvals: instances.filter(({ step }) => step.approval !== undefined).map(({ path }) => path),
    guard: plan.guard,
    bounds: plan.bounds,
  };
}

function touchedBy({ step, path, input }: Instance): Touched {
  const { title, uses, effect, fault } = step;
  return { path, title, uses, effect, fault, with: input ?? 'known when it runs' };
}

function undoneOf(instances: Instance[]): PlanView['undone'] {
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

function blastOf({ step, path, input }: Instance, plan: Plan, catalogue: Catalogue): PlanView['blast'] {
  const blast = input === undefined ? undefined : catalogue.get(step.uses)?.blast?.(input, plan.fleet);
  return blast === undefined ? [] : [{ path, ...blast }];
}

/** Merged: one row a plane, group, resource and namespace. */
function permissionsOf(instances: Instance[], plan: Plan, catalogue: Catalogue): Permission[] {
  const merged = new Map<string, Permission>();
  for (const { step, input } of instances) {
    if (input === undefined) continue;
    for (const one of catalogue.get(step.uses)?.permissions(input, plan.fleet) ?? []) {
      const key = [one.plane, one.group, one.resource, one.namespace].join('/');
      const verbs = new Set([...(merged.get(key)?.verbs ?? []), ...one.verbs]);
      merged.set(key, { ...one, verbs: [...verbs].sort() });
    }
  }
  return [...merged.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([, one]) => one);
}

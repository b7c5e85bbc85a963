/** The injected disaster: at most one, in the exercise, once, by a kind that can prove that it bit. */
import { type Compilation, reportNode } from '../compilation.ts';
import type { Complaint } from '../problem.ts';
import { type KnownStep, stepsOf } from '../steps.ts';

export function checkFault(compilation: Compilation): void {
  const faults = stepsOf(compilation).filter(({ step }) => step.fault);
  const [first] = faults;
  for (const fault of faults) {
    const complaint = misplaced(fault) ?? unfit(fault) ?? (fault === first ? undefined : second(first!));
    if (complaint !== undefined)
      reportNode(compilation, fault.step, 'fault', { code: 'FD1502', ...complaint });
  }
}

type Wrong = Omit<Complaint, 'code'>;

function misplaced({ step, origin }: KnownStep): Wrong | undefined {
  const where =
    origin.unit.scope !== ''
      ? 'in a runbook that is needed'
      : step.background
        ? 'in the background'
        : origin.within.includes('for-each')
          ? 'in a for-each'
          : origin.within.includes('undo')
            ? 'in an undo'
            : origin.section !== 'steps'
              ? `in '${origin.section}'`
              : undefined;
  if (where === undefined) return undefined;
  return {
    what: `a fault cannot be ${where}`,
    found: `fault ${where}`,
    expected: 'one step of `steps`, run once, that the run waits for',
    remedy: 'Move it to `steps`, or remove `fault: true`',
  };
}

function unfit({ step, kind }: KnownStep): Wrong | undefined {
  if (kind.effect !== 'disrupts' || !kind.verbs.includes('probe'))
    return {
      what: `${kind.name} cannot be the fault`,
      found: kind.effect === 'disrupts' ? 'a kind without an effect probe' : `a kind that ${kind.effect}`,
      expected: 'a kind that disrupts and can prove that it bit',
      remedy: 'Mark the step that breaks something: the objectives are measured from it',
    };
  if (step.onFailure === 'continue')
    return {
      what: 'a fault that failed cannot be passed over',
      found: 'on-failure: continue',
      expected: 'stop or ask',
      remedy: 'Remove `on-failure`: without its fault the drill proves nothing',
    };
  return undefined;
}

function second({ step }: KnownStep): Wrong {
  return {
    what: 'a drill has one fault',
    found: `another one is '${step.title}' on line ${step.at.line}`,
    expected: 'at most one step with `fault: true`',
    remedy: 'Keep it on the step from which recovery is to be measured',
  };
}

/** The member the fault hits, when it hits exactly one. */
export function victimOf(compilation: Compilation): string | undefined {
  const { fleet } = compilation.options;
  const fault = stepsOf(compilation).find(({ step }) => step.fault);
  const [input] = fault?.origin.inputs ?? [];
  if (fault === undefined || input === undefined) return undefined;
  const clusters = fault.kind.blast?.(input, fleet).clusters ?? [];
  const named = (input as { cluster?: unknown }).cluster;
  const victim = clusters.length === 1 ? clusters[0] : typeof named === 'string' ? named : undefined;
  return victim !== undefined && Object.hasOwn(fleet.members, victim) ? victim : undefined;
}

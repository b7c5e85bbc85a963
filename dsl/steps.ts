/** Steps of a compilation with what is known of each. */
import type { Compilation, Origin } from './compilation.ts';
import type { KindDescription } from './kind.ts';
import type { Step } from './plan.ts';

export interface KnownStep {
  step: Step;
  origin: Origin;
  kind: KindDescription;
}

/** Those that can run. */
export function runningSteps(compilation: Compilation): KnownStep[] {
  return stepsOf(compilation).filter(({ origin }) => !origin.skipped);
}

/** Every step, those inside `undo` included, in the order of the text. */
export function stepsOf(compilation: Compilation): KnownStep[] {
  return [...compilation.origins].flatMap(([step, origin]) =>
    step.type === 'step' && origin.kind !== undefined ? [{ step, origin, kind: origin.kind }] : [],
  );
}

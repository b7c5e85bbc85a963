/**
 * The verdict: one pure function of the journal.
 *
 * Severity names it, time orders its causes: of all causes the worst kind decides (broken > aborted > failed >
 * inconclusive > passed), and the causes are told in the order in which they happened, so that the first one told
 * is where a reader begins. Read so, and not as "the first cause decides", because otherwise an early doubt would
 * excuse a later failure: one more bad event could make a verdict better.
 *
 * Missing evidence takes a pass away and never excuses a failure that was proven by what was seen. Bounds decide:
 * an outage is too long when even the shortest one that fits the evidence is.
 */
import type { MovedBy, Restored, VerdictName } from '../workflows/protocol.ts';
import type { Journal } from './journal.ts';
import type { Outage } from './outage.ts';
import { type Phases, phasesOf } from './phases.ts';
import { planIndex } from './plan-index.ts';
import { type Moved, movedOf } from './replicas.ts';
import { type Restoration, restorationOf } from './restored.ts';
import type { Span } from './spans.ts';
import { type Milestone, milestonesOf } from './split.ts';
import { type Cause, worst } from './verdict/cause.ts';
import { faultCauses } from './verdict/fault.ts';
import { type Measured, measure, type ObjectiveResult, objectiveCauses } from './verdict/objective.ts';
import { runCauses } from './verdict/run.ts';
import { missingSteps, openEnds, sightCauses } from './verdict/sight.ts';
import { stepCauses } from './verdict/steps.ts';

export interface Judgement {
  verdict: VerdictName;
  /** In order of time; empty exactly when passed. */
  causes: Cause[];
  restored: Restored;
  restoration: Restoration;
  movedBy: MovedBy;
  moved: Moved;
  phases: Phases;
  /** What users went through after the fault, and on the way back. */
  outage?: Outage;
  wayBack?: Outage;
  objective: ObjectiveResult[];
  milestones: Milestone[];
  /** 0 passed and restored, 1 failed, 2 inconclusive, 3 aborted, 4 broken, 5 passed but not restored. */
  exitCode: number;
}

export function judge(journal: Journal): Judgement {
  const phases = phasesOf(journal);
  // The objectives are those of the drill whose way back a restore finishes.
  const { outage, wayBack, results }: Measured =
    journal.restores === undefined ? measure(journal, phases) : { results: [] };
  const sight = sightCauses(journal, measuredSpan(phases, outage));
  const objective = sight.some(({ kind }) => kind === 'dishonest') ? results.map(distrusted) : results;
  const found = [
    ...runCauses(journal),
    ...stepCauses(journal),
    ...faultCauses(journal, phases),
    ...sight,
    ...objectiveCauses(objective),
  ];
  const causes = (found.length > 0 ? found : missing(journal, phases)).sort((a, b) => a.atMs - b.atMs);
  const verdict = worst(causes);
  const restoration = restorationOf(journal);
  const moved = movedOf(journal);
  return {
    verdict,
    causes,
    restored: restoration.restored,
    restoration,
    movedBy: moved.by,
    moved,
    phases,
    ...(outage !== undefined && { outage }),
    ...(wayBack !== undefined && { wayBack }),
    objective,
    milestones: milestonesOf(journal, phases, moved, outage),
    exitCode: exitCodeOf(verdict, restoration.restored),
  };
}

function measuredSpan({ exercise }: Phases, outage: Outage | undefined): Span | undefined {
  if (exercise === undefined) return undefined;
  return { fromMs: exercise.fromMs, untilMs: outage?.healthyAtMs ?? exercise.untilMs };
}

/** A generator that measured itself proves nothing, neither good nor bad. */
function distrusted(result: ObjectiveResult): ObjectiveResult {
  return { ...result, met: undefined, why: 'the generator was not honest' };
}

/** Nothing went wrong, as far as is told: then everything that had to happen must be told, to its end. */
function missing(journal: Journal, phases: Phases): Cause[] {
  const open = openEnds(journal);
  const untold = missingSteps(journal);
  const idle = planIndex(journal.plan).fault !== undefined && phases.faultAtMs === undefined;
  const what = [
    ...(open.length > 0 ? [`not finished: ${open.join(', ')}`] : []),
    ...(untold.length > 0 ? [`no word of ${untold.map((title) => `“${title}”`).join(', ')}`] : []),
    ...(idle ? ['the fault was never injected'] : []),
  ];
  if (what.length === 0) return [];
  const text = `Nothing failed, but the journal is no proof: ${what.join('; ')}`;
  return [{ kind: 'unfinished', atMs: phases.run.untilMs, path: '', text, remedy: '' }];
}

const exitCodes: Record<VerdictName, number> = {
  passed: 0,
  failed: 1,
  inconclusive: 2,
  aborted: 3,
  broken: 4,
};

function exitCodeOf(verdict: VerdictName, restored: Restored): number {
  return verdict === 'passed' && restored === 'partly' ? 5 : exitCodes[verdict];
}

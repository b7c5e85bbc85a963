/** One run: what its parts share. */
import type { Json, Plan, Step } from '../dsl/plan.ts';
import type { Decisions } from './decisions.ts';
import type { StepFailure } from './failure.ts';
import type { Abort, DrillOptions } from './protocol.ts';
import type { Watched } from './state.ts';
import type { Traffic } from './traffic.ts';
import type { UndoLog } from './undo.ts';

export interface Run {
  plan: Plan;
  options: DrillOptions;
  watched: Watched;
  decisions: Decisions;
  traffic: Traffic;
  undo: UndoLog;
  /** Snapshots by step instance: taken once, never again on a retry. */
  snapshots: Map<string, Json>;
  /** The n of the next activity id. */
  nextCall(activity: string): number;
  /** Set when the act of the fault is scheduled: from then on recovery runs, whatever happens. */
  fault?: {
    step: Step;
    path: string;
    input: Json;
    snapshot: Json;
    /** Its effect was seen. */
    bitten: boolean;
  };
  /** A step or an assert has failed: what this run set up is taken away again. */
  failed: boolean;
  /** On the way back nothing is registered for undo, guarded or paused. */
  recovering: boolean;
  aborting?: Abort;
  /** Ends the exercise from outside its own steps (blind traffic, the floor guard). */
  halt(failure: StepFailure): void;
  halted?: StepFailure;
}

/** Ends a section: its error is in history already. */
export class Stop extends Error {
  readonly failure: StepFailure;
  constructor(failure: StepFailure) {
    super(failure.what);
    this.name = 'Stop';
    this.failure = failure;
  }
}

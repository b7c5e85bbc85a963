/**
 * What goes over the wire between the workflow, its activities and whoever watches. Types and names only:
 * imported by the workflow, so nothing of Node in here.
 */
import type { Json, Node, Plan, Section, UndoPhase } from '../dsl/plan.ts';
import type { SliceResult } from '../dsl/window.ts';

export const CONTROL_QUEUE = 'firedrill';
export const TRAFFIC_QUEUE = 'firedrill-traffic';
export const DRILL_WORKFLOW = 'drill';
export const RESTORE_WORKFLOW = 'restore';

export interface DrillOptions {
  requestedBy: string;
  /** Started by a schedule: nobody is there to approve or to answer. */
  scheduled: boolean;
  note?: string;
  /** Whether the server knows our search attributes; upserting an unknown one would fail the run. */
  searchAttributes: boolean;
}

/** The one argument of every verb activity `${kind}.${verb}`. */
export interface VerbCall {
  /** Path of the step instance, e.g. `steps.fault`, `setup.joined[2]`. */
  step: string;
  title: string;
  input: Json;
  /** Epoch ms at which the whole step gives up. */
  deadlineMs: number;
  /** Undo's own deadline: this long after a worker has taken it up, however late that is. */
  budgetMs?: number;
  /** Attempts a transient failure gets; a worker's crash is retried until the deadline and not counted. */
  attempts: number;
  fault: boolean;
  /** The fault's clock, once it has begun. */
  faultAtMs?: number;
  /** For act, undo, compare, probe: what `snapshot` returned. */
  snapshot?: Json;
  /** What the previous `done: false` returned. */
  progress?: Json;
  /** For slice. */
  window?: { fromMs: number; untilMs: number };
}

/** What a verb activity returns; `result` is the kind's own. */
export interface VerbResult<R = Json> {
  result: R;
  /** Epoch ms by the acting worker's clock right before its first disrupting call. */
  faultAtMs?: number;
  /** An earlier attempt ended without a word and may be alive until its own deadline: undo waits for that. */
  mayOverlap: boolean;
}

/** Activities of the engine itself. Each has one argument and is called by this name. */
export interface EngineActivities {
  'engine.preflight'(call: { deadlineMs: number }): Promise<{ findings: PreflightFinding[] }>;
  /** Throws `broken` (fleet busy) when somebody else holds the lock. */
  'engine.lock'(call: { deadlineMs: number }): Promise<{ holder: string; where: string }>;
  'engine.unlock'(call: { deadlineMs: number }): Promise<{ released: boolean }>;
  /** Guards right before a disrupting act. Throws `refused` when one forbids it. */
  'engine.guard'(call: {
    step: string;
    uses: string;
    input: Json;
    deadlineMs: number;
  }): Promise<{ allowed: true }>;
  /** Controls: the detectors are shown a request of the victim and a failed one. */
  'engine.controls'(call: {
    deadlineMs: number;
  }): Promise<{ positive: ControlResult; negative: ControlResult }>;
  /** Journal from this run's history so far, judged and written on the worker. */
  'engine.archive'(call: { deadlineMs: number }): Promise<Conclusion>;
  /** Local activity: puts a decision of the interpreter into history, as its result. */
  'engine.record'(entry: RecordEntry): Promise<RecordEntry>;
}

export interface PreflightFinding {
  severity: 'ok' | 'warning' | 'unknown' | 'error';
  code: string;
  where: string;
  what: string;
  remedy: string;
}

export interface ControlResult {
  seen: boolean;
  evidence: string;
}

/** Decisions that no activity shows. */
export type RecordEntry =
  | { record: 'section'; section: Section | 'restore' }
  | { record: 'assert'; path: string; expression: string; value: Json; holds: boolean; unjudged?: string }
  | { record: 'skipped'; path: string; why: string }
  | { record: 'error'; path: string; code: string; what: string; remedy: string; failure: string }
  | { record: 'traffic'; path: string; startedMs: number; sliceMs: number }
  | { record: 'expired'; path: string; what: 'approval' | 'answer' };

export type VerdictName = 'passed' | 'failed' | 'inconclusive' | 'aborted' | 'broken';
export type Restored = 'fully' | 'partly' | 'untouched';
export type MovedBy = 'karmada' | 'drill' | 'person' | 'nobody';

/** What a run comes to; the workflow's result. */
export interface Conclusion {
  verdict: VerdictName;
  /** Causes in order of time; the first decides. Empty when passed. */
  causes: string[];
  restored: Restored;
  movedBy: MovedBy;
  /** Fault → healthy, ms, when measured. */
  rtoMs?: number;
  /** Head of the journal's hash chain. */
  journalHead: string;
  /** Folder on the worker that holds the evidence, or why there is none. */
  evidence: string;
}

// Updates. Each returns when the interpreter has recorded it.
export interface Approve {
  step: string;
  by: string;
  note?: string;
  approved: boolean;
}
export interface Answer {
  step: string;
  by: string;
  note?: string;
}
export interface Abort {
  by: string;
  reason: string;
}
export interface Pause {
  by: string;
  force: boolean;
}
export const updates = {
  approve: 'approve',
  retry: 'retry',
  skip: 'skip',
  abort: 'abort',
  pause: 'pause',
  resume: 'resume',
} as const;
export const STATE_QUERY = 'state';

export type StepStatus =
  | 'pending'
  | 'approval'
  | 'running'
  | 'asking'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export interface StepState {
  path: string;
  title: string;
  kind: string;
  status: StepStatus;
  startedMs?: number;
  endedMs?: number;
  undone?: 'running' | 'fully' | 'partly' | 'failed';
  error?: string;
}

export type Phase = 'preflight' | 'lock' | Section | 'restore' | 'archive' | 'done';

/** Answer of the `state` query: enough to draw a live view. */
export interface RunState {
  runbook: Plan['runbook']['name'];
  phase: Phase;
  startedMs: number;
  steps: StepState[];
  faultAtMs?: number;
  victim?: string;
  paused?: { by: string };
  aborting?: Abort;
  /** The last slices of each background step, newest last (at most 12). */
  traffic: Record<string, SliceResult[]>;
  findings: PreflightFinding[];
  conclusion?: Conclusion;
}

/** Argument of the `restore` workflow: what a terminated or lost run left. */
export interface RestoreInput {
  plan: Plan;
  run: string;
  entries: UndoEntry[];
  /** The fault had begun and the runbook's own way back was not done. */
  recover: boolean;
}

/** An undo as registered: enough to run it without the run that registered it. */
export interface UndoEntry {
  step: string;
  title: string;
  uses: string;
  phase: UndoPhase;
  /** Order of registration; undone from the highest. */
  order: number;
  /** Entries with the same group are undone concurrently (branches of a parallel, items of a loop). */
  group?: string;
  input: Json;
  snapshot: Json;
  /** A set-up that stays when the run succeeds. */
  onlyOnFailure: boolean;
  /** An attempt of the act that the run's end cut off may be alive until then, epoch ms. */
  fenceMs?: number;
  /** The author's steps instead of the kind's own undo. */
  nodes?: Node[];
}

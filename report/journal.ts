/**
 * The journal: everything a run did and saw, a pure function of the workflow's history and the Plan. Report,
 * verdict, JUnit and terminal summary are made from it and from nothing else.
 */
import type { Json, Plan, Section } from '../dsl/plan.ts';
import type { SliceResult } from '../dsl/window.ts';
import type { ControlResult, PreflightFinding, RecordEntry } from '../workflows/protocol.ts';

export interface Journal {
  journal: 1;
  run: string;
  runId: string;
  plan: Plan;
  /** Workflow id of the terminated or lost drill whose undo this run finishes. */
  restores?: string;
  options: { requestedBy: string; scheduled: boolean; note?: string };
  startedMs: number;
  /** Absent while it runs. */
  endedMs?: number;
  /** How the workflow ended, when it did. */
  ended?: 'completed' | 'failed' | 'terminated' | 'canceled' | 'timed-out';
  findings: PreflightFinding[];
  lock?: { state: 'held' | 'released' | 'busy'; where: string };
  controls?: { positive: ControlResult; negative: ControlResult };
  /** When each section began, epoch ms. */
  sections: Partial<Record<Section | 'restore', number>>;
  steps: StepEntry[];
  /** Decisions, in order. */
  records: (RecordEntry & { atMs: number })[];
  /** Updates a person sent, in order. */
  interventions: { atMs: number; update: string; by: string; payload: Json }[];
  /** Epoch ms by the acting worker's clock. */
  faultAtMs?: number;
  traffic: {
    path: string;
    slices: SliceResult[];
    gaps: { fromMs: number; untilMs: number; why: string }[];
  }[];
}

/** One step instance. */
export interface StepEntry {
  path: string;
  title: string;
  uses: string;
  verbs: VerbEntry[];
}

/** One activity. */
export interface VerbEntry {
  verb: string;
  n: number;
  scheduledMs: number;
  startedMs?: number;
  endedMs?: number;
  attempts: number;
  input: Json;
  snapshot?: Json;
  result?: Json;
  failure?: { type: string; code: string; what: string; where: string; remedy: string; evidence?: Json };
  cancelled?: boolean;
  /** Timed out without a worker to run it: cannot be judged. */
  unworked?: boolean;
}

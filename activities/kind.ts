/**
 * How a step kind acts. A kind is declared once, in one file, with `defineKind`; the registry, the JSON
 * Schema, the docs and the activities of the worker are made from that declaration.
 */
import type { z } from 'zod';
import type { Fleet } from '../dsl/fleet.ts';
import type { Blast, InputProblem, KindDescription, Permission } from '../dsl/kind.ts';
import type { Effect, Json, Queue, UndoPhase, Verb } from '../dsl/plan.ts';
import type { SliceResult } from '../dsl/window.ts';
import type { Ports } from './ports/ports.ts';

/** What every verb gets besides its input. */
export interface StepContext {
  fleet: Fleet;
  ports: Ports;
  /** Workflow id: the owner in markers and field managers (`firedrill`, annotation `firedrill.dev/run`). */
  run: string;
  /** Path of the step instance, e.g. `steps.fault` or `setup.joined[0]`. */
  step: string;
  runbook: string;
  /** The member the fault hits, when the Plan has one. */
  victim: string | undefined;
  /** The fault's clock, once it has begun; epoch ms. */
  faultAtMs?: number;
  /** Aborted on cancellation and when this attempt's deadline has passed; check it before every mutation. */
  signal: AbortSignal;
  /** Epoch ms at which the whole step gives up; the same for all attempts. */
  deadlineMs: number;
  /** In preflight: how long the step itself will have (`deadlineMs` is preflight's own there). */
  timeoutMs?: number;
  /** Reports progress; the last one is `previous` of the next attempt after a crash. */
  heartbeat(progress: Json): void;
  previous: Json | undefined;
  /** Takes the fault's clock; call it immediately before the first disrupting request. First call counts. */
  beginFault(): void;
  /** Sleeps, or rejects at once when `signal` is aborted. */
  sleep(ms: number): Promise<void>;
}

/** Something that is not as it was. */
export interface Difference {
  /** What, e.g. `aks1 node aks1-0 spec.unschedulable`. */
  what: string;
  before: Json;
  now: Json;
  /** Why it was left. */
  reason: string;
  /** The command that mends it. */
  remedy: string;
}

export interface Finding {
  severity: 'ok' | 'warning' | 'unknown' | 'error';
  code: string;
  /** Member, plane or host it is about. */
  where: string;
  what: string;
  remedy: string;
}

/** An attempt is short (≤ 30 s): what does not fit says `done: false` and is called again with its progress. */
export type Acted<O> = { done: true; output: O } | { done: false; progress: Json };

export type Undone =
  | { done: true; restored: 'fully' }
  | { done: true; restored: 'partly'; left: Difference[] }
  | { done: false; progress: Json };

export interface Probed {
  bitten: boolean;
  /** Why, in one line for a person. */
  evidence: string;
}

interface Base<I, O> {
  name: string;
  version: number;
  summary: string;
  doc: string;
  example: Record<string, unknown>;
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  effect: Effect;
  queue?: Queue;
  mover?: boolean;
  background?: boolean;
  timeoutMs: number;
  manifests?: string[];
  permissions(input: I, fleet: Fleet): Permission[];
  blast?(input: I, fleet: Fleet): Blast;
  check?(input: I, fleet: Fleet): InputProblem[];
  /** Read-only, before anything is touched; finds everything at once. */
  preflight?(input: I, context: StepContext): Promise<Finding[]>;
}

/** A wait, a check or a measurement. Throws `deviated` when the system did not do what it should. */
export interface LookKind<I, O> extends Base<I, O> {
  look(input: I, context: StepContext): Promise<O>;
}

/** An act with its way back. `S` is the snapshot: JSON, taken once, in history before `act` is scheduled. */
export interface ActKind<I, O, S extends Json> extends Base<I, O> {
  undoPhase: UndoPhase;
  snapshot(input: I, context: StepContext): Promise<S>;
  act(input: I, snapshot: S, context: StepContext, progress: Json | undefined): Promise<Acted<O>>;
  undo(input: I, snapshot: S, context: StepContext, progress: Json | undefined): Promise<Undone>;
  /** What differs now from the snapshot, ignoring what may differ. */
  compare(input: I, snapshot: S, context: StepContext): Promise<Difference[]>;
  /** Proves that the fault bit, and goes on biting. Required of a kind that may be the `fault`. */
  probe?(input: I, snapshot: S, context: StepContext): Promise<Probed>;
}

/** Background load in overlapping slices. */
export interface SliceKind<I, O> extends LookKind<I, O> {
  slice(input: I, window: { fromMs: number; untilMs: number }, context: StepContext): Promise<SliceResult>;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds kinds of every input, output and snapshot type
export type Kind = (LookKind<any, any> | ActKind<any, any, any> | SliceKind<any, any>) & KindDescription;

export function defineKind<I, O>(kind: SliceKind<I, O>): Kind;
export function defineKind<I, O, S extends Json>(kind: ActKind<I, O, S>): Kind;
export function defineKind<I, O>(kind: LookKind<I, O>): Kind;
export function defineKind(kind: LookKind<unknown, unknown> | ActKind<unknown, unknown, Json>): Kind {
  const candidates: Verb[] = ['look', 'snapshot', 'act', 'undo', 'compare', 'probe', 'slice'];
  return {
    queue: 'control',
    mover: false,
    background: false,
    manifests: [],
    ...kind,
    verbs: candidates.filter((verb) => verb in kind),
  } as Kind;
}

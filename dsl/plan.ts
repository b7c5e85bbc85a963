/**
 * The Plan: what a runbook compiles to and the workflow interprets. Plain JSON, complete, content-hashed.
 * Everything is resolved in it but the values only a run can know (`Cel` inside a `Template`).
 */
import type { Fleet } from './fleet.ts';

/** The language the interpreter of this checkout writes; a Plan carries the one it was compiled for. */
export const LANGUAGE = 1;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A place in a file; line and column count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** A CEL expression that only a run can evaluate. */
export interface Cel {
  cel: string;
  at: Place;
  /** The `window('step', 'duration')` calls in it: the run waits until these are covered before it evaluates. */
  windows: { step: string; ms: number }[];
  /**
   * Paths of the JSON numbers in it that are CEL doubles even when they happen to be whole (`*` is any item or
   * key), e.g. `['steps', 'moved', 'output', 'afterMs']`: only the compiler knows the declared types.
   */
  doubles?: string[][];
  /** The inputs of the needed runbook it was written in; absent in the runbook itself. */
  inputs?: { [name: string]: Json };
}

/** JSON in which a `{ $cel }` stands for a typed run-time value and a `{ $text }` for a string built from parts. */
export type Template =
  | null
  | boolean
  | number
  | string
  | Template[]
  | { $cel: Cel }
  | { $text: (string | Cel)[] }
  | { [key: string]: Template };

export type Section = 'setup' | 'verify' | 'steps' | 'recover';
export const sections: readonly Section[] = ['setup', 'verify', 'steps', 'recover'];

/** What a step does to the world; decides what is undone and when. */
export type Effect = 'reads' | 'provides' | 'changes' | 'disrupts';

/**
 * Undo runs phase by phase in this order: the way back must itself be safe. `reach` comes first: what was taken away
 * with an API server cannot be put back before that API answers.
 */
export type UndoPhase = 'reach' | 'capacity' | 'membership' | 'placement' | 'routing';
export const undoPhases: readonly UndoPhase[] = ['reach', 'capacity', 'membership', 'placement', 'routing'];

/** The activities a kind offers; the activity type is `${kind}.${verb}`. */
export type Verb = 'look' | 'snapshot' | 'act' | 'undo' | 'compare' | 'probe' | 'slice';

/** `traffic` is polled by a worker process of its own, so that load never shares an event loop with control. */
export type Queue = 'control' | 'traffic';

export type OnFailure = 'stop' | 'continue' | 'ask';

interface NodeBase {
  /** Unique and readable, e.g. `steps.fault`, `recover.2`; the first part of every activity id. */
  path: string;
  /** '' for the runbook itself, else the prefix under which a needed runbook was inlined, e.g. `scenario_a`. */
  scope: string;
  /** The author's id (without scope); `steps.<id>` in expressions of the same scope. */
  id?: string;
  title: string;
  at: Place;
  if?: Cel;
  onFailure: OnFailure;
  /** How long a person has to answer when `onFailure` is `ask`, ms; expires to abort. */
  askWithinMs: number;
}

export interface Step extends NodeBase {
  type: 'step';
  uses: string;
  version: number;
  effect: Effect;
  verbs: Verb[];
  undoPhase?: UndoPhase;
  queue: Queue;
  /** A mover re-places replicas by the drill's own hand: the report then says `moved-by: drill`. */
  mover: boolean;
  with: Template;
  /** The whole step without approval wait and pause, ms. */
  timeoutMs: number;
  /** Attempts inside the timeout; `backoffMs` doubles each time up to 10 s. */
  retry: { attempts: number; backoffMs: number };
  fault: boolean;
  background: boolean;
  approval?: { withinMs: number };
  optional: boolean;
  /** `auto`: the kind's own undo. Nodes: the author's steps instead of it. */
  undo: 'auto' | 'none' | Node[];
}

export interface Assert extends NodeBase {
  type: 'assert';
  expression: Cel;
}

export interface Parallel extends NodeBase {
  type: 'parallel';
  branches: Node[];
}

/** Steps in sequence, where one step is expected (a branch, the body of a loop). */
export interface Group extends NodeBase {
  type: 'group';
  body: Node[];
}

/** Runs `body` once an item; `item` in its expressions. At most 200 items. */
export interface ForEach extends NodeBase {
  type: 'for-each';
  items: Json[] | Cel;
  maxParallel: number;
  body: Node;
}

/** Runs the undo of an earlier step now. */
export interface Undo extends NodeBase {
  type: 'undo';
  /** Path of the step. */
  target: string;
  timeoutMs: number;
}

export type Node = Step | Assert | Parallel | Group | ForEach | Undo;

export interface Objective {
  /** Fault to the first second from which users are healthy and stay so for `settleMs`. */
  rtoMs?: number;
  /** Share of good requests over [fault, fault + rto], 0..1. */
  availability?: number;
  settleMs: number;
  /** The same two for the way back, over [recover begins, recover ends]. */
  recover?: { rtoMs?: number; availability?: number };
}

export interface Guard {
  /** Members a disrupting step may hit; absent = every member of the fleet. */
  allow?: string[];
  /** Limits on what a disrupting act may hit, all tenants counted. */
  blast?: { namespaces?: number; bindings?: number; pods?: number };
  /** Survivors must have room for the victim's pods, by resource requests. */
  survivorCapacity: boolean;
  /** Cron windows in which no disrupting act may start. */
  blackout: { cron: string; timezone: string; forMs: number; reason: string }[];
  /** Share of good requests below which the exercise is stopped, over a window of the background traffic. */
  floor?: { step: string; availability: number; windowMs: number };
}

export interface Plan {
  language: number;
  /** SHA-256 over the canonical JSON of everything else in the Plan. */
  hash: string;
  runbook: { name: string; description?: string; file: string; sha256: string };
  fleet: Fleet;
  inputs: Record<string, Json>;
  objective?: Objective;
  sections: Record<Section, Node[]>;
  guard: Guard;
  /** The member the fault hits, when there is one. */
  victim?: string;
  /** Upper bounds of what a run writes into the history. */
  bounds: { activities: number; events: number; bytes: number };
}

/** Every node of a Plan, parents before children. */
export function* walk(nodes: Node[]): Generator<Node> {
  for (const node of nodes) {
    yield node;
    if (node.type === 'parallel') yield* walk(node.branches);
    else if (node.type === 'group') yield* walk(node.body);
    else if (node.type === 'for-each') yield* walk([node.body]);
    else if (node.type === 'step' && Array.isArray(node.undo)) yield* walk(node.undo);
  }
}

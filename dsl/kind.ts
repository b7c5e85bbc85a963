/**
 * What the language knows about a step kind: enough to check a runbook, write the schema and the docs, and
 * put everything the interpreter needs into the Plan. How a kind acts is in `activities/`.
 */
import type { z } from 'zod';
import type { Fleet } from './fleet.ts';
import type { Effect, Queue, UndoPhase, Verb } from './plan.ts';

/** One right a step needs, in the words of RBAC. `plane` is `federation`, `azure` or a member's name. */
export interface Permission {
  plane: string;
  group: string;
  resource: string;
  verbs: string[];
  /** Default: everywhere. */
  namespace?: string;
  /** Only these objects. RBAC knows no name when an object is posted: `create` is meant by name only in an apply. */
  names?: string[];
}

/** What a disrupting step will hit, all tenants counted, as far as it is known from the text. */
export interface Blast {
  clusters: string[];
  /** 'all' when every tenant of the cluster is hit (drain, NoExecute taint). */
  namespaces: string[] | 'all';
  note: string;
}

/** A mistake in a step's input that a schema cannot see (unknown member, impossible timeout …). */
export interface InputProblem {
  /** Catalogue code, when the kind has one of its own for this mistake. */
  code?: string;
  /** Path inside `with`, e.g. ['cluster']. */
  path: (string | number)[];
  found: string;
  expected: string;
  /** Candidates for "did you mean". */
  nearest?: string[];
  remedy: string;
}

/** The input's type is erased in a catalogue; each kind's own file is typed (see `defineKind`). */
// biome-ignore lint/suspicious/noExplicitAny: a catalogue holds kinds of every input type
export interface KindDescription<I = any> {
  name: string;
  version: number;
  /** One line. */
  summary: string;
  /** One paragraph of Markdown for the kind's page. */
  doc: string;
  input: z.ZodType<I>;
  output: z.ZodType;
  /** An input as an author would write it; compiled in a test. */
  example: Record<string, unknown>;
  effect: Effect;
  verbs: Verb[];
  undoPhase?: UndoPhase;
  queue: Queue;
  mover: boolean;
  /** May be used with `background: true`. */
  background: boolean;
  /** Step timeout when the author gives none, ms. */
  timeoutMs: number;
  /** Keys of `with` that name a file or folder of manifests; the compiler replaces them by the parsed objects. */
  manifests: string[];
  permissions(input: I, fleet: Fleet): Permission[];
  blast?(input: I, fleet: Fleet): Blast;
  check?(input: I, fleet: Fleet): InputProblem[];
}

export type Catalogue = ReadonlyMap<string, KindDescription>;

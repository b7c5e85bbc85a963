/** What one compilation knows while it goes on: the texts read, where each node of the Plan came from, problems. */
import type { Fleet } from './fleet.ts';
import type { Catalogue, KindDescription } from './kind.ts';
import type { Guard, Json, Node, Objective, Section } from './plan.ts';
import type { Complaint, Problem } from './problem.ts';
import type { Path, Source } from './source.ts';
import type { CelType } from './types.ts';

export interface CompileOptions {
  /** Shown in places; needed runbooks and manifests are relative to it. */
  file: string;
  text: string;
  catalogue: Catalogue;
  fleet: Fleet;
  /** As given on the command line. */
  inputs: Record<string, string>;
  /** Text of a file, path relative to the runbook's folder. Throws when there is none. */
  read(path: string): string;
  /** Names of the files in a folder, relative likewise. Throws when it is no folder. */
  list?(folder: string): string[];
  /** The run will be started by a schedule: nobody is there to approve or to answer. */
  scheduled?: boolean;
  /** When the load balancer can have dropped a dead backend, by its probe settings, ms after its death. */
  removal?: { minMs: number; maxMs: number };
}

/** One runbook's text: the runbook itself, or one that it needs. */
export interface Unit {
  source: Source;
  /** '' for the runbook itself, else the prefix of what was inlined. */
  scope: string;
  inputs: Record<string, Json>;
  inputTypes: Record<string, CelType>;
  /** Every id in the text, with where it stands. */
  ids: Map<string, Path>;
}

/** Where a node came from, and what was found out about it on the way. */
export interface Origin {
  unit: Unit;
  path: Path;
  section: Section;
  /** The constructs around it, innermost last. */
  within: ('parallel' | 'for-each' | 'undo')[];
  /** Its `if`, or that of a block around it, is false whatever the run does. */
  skipped: boolean;
  kind?: KindDescription;
  /** Inputs as the kind's zod type gave them, one an item of the loops around; undefined when only a run knows. */
  inputs?: unknown[];
  /** What it takes depends on steps before it, or on items that only the run knows. */
  open?: true;
  approval?: { withinMs: number; standing: boolean };
}

export interface Compilation {
  options: CompileOptions;
  problems: Problem[];
  origins: Map<Node, Origin>;
  sections: Record<Section, Node[]>;
  /** The runbook's own text. */
  main: Unit;
  objective?: Objective;
  guard: Guard;
}

/** An expression in a text: where it stands, and from which character of the value. */
export interface ExpressionSite {
  unit: Unit;
  path: Path;
  index: number;
  /**
   * What it may read: `known` only inputs and fleet (everything that must be settled when compiled), `step` also
   * outputs of steps, `condition` also windows of traffic.
   */
  reads: 'known' | 'step' | 'condition';
}

/** Reports a problem at a value of a text; `key` puts it on the field's name, `index` inside a text value. */
export function report(
  compilation: Pick<Compilation, 'problems'>,
  unit: Pick<Unit, 'source'>,
  path: Path,
  complaint: Complaint,
  where: { key?: boolean; index?: number } = {},
): void {
  const { source } = unit;
  const place =
    where.index !== undefined
      ? source.inside(path, where.index)
      : where.key === true
        ? source.atKey(path)
        : source.at(path);
  compilation.problems.push(source.problem(place, complaint));
}

/** Reports a problem at a field of a node (or at the node itself). */
export function reportNode(
  compilation: Compilation,
  node: Node,
  field: string | undefined,
  complaint: Complaint,
): void {
  const origin = compilation.origins.get(node);
  if (origin === undefined) return;
  const path = field === undefined ? origin.path : [...origin.path, field];
  report(compilation, origin.unit, path, complaint, { key: field !== undefined });
}

/** What the author wrote for a node. */
export function writtenAt({ unit, path }: Origin): { [key: string]: Json } {
  return path.reduce<Json>((at, part) => (at as Record<string | number, Json>)[part]!, unit.source.value) as {
    [key: string]: Json;
  };
}

export function isBelow(path: Path, ancestor: Path): boolean {
  return ancestor.every((part, index) => path[index] === part);
}

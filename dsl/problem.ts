/** A mistake in a file, with everything a person needs to mend it. */
import type { Place } from './plan.ts';

export type Severity = 'error' | 'warning';

export interface Problem {
  /** Catalogue code, e.g. `FD1101`. */
  code: string;
  severity: Severity;
  place: Place;
  what: string;
  found: string;
  expected: string;
  /** Names that may have been meant, best first. */
  nearest: string[];
  remedy: string;
  /** The line of the file, for the caret; cut to a readable length around the place. */
  line: { text: string; caret: number };
}

/** What a rule says; place and line are added by the source. */
export interface Complaint {
  code: string;
  severity?: Severity;
  what: string;
  found?: string;
  expected?: string;
  nearest?: string[];
  remedy: string;
}

const WIDTH = 160;

/** The part of a line around a column (from 1), and where the caret goes in it (from 0). */
export function excerpt(line: string, column: number): Problem['line'] {
  const caret = Math.min(column - 1, line.length);
  const from = caret > WIDTH - 20 ? caret - WIDTH / 2 : 0;
  return { text: line.slice(from, from + WIDTH), caret: caret - from };
}

/** How a value is shown as found: one line, cut. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/**
 * `file:line:column code what`, the line with a caret, found, expected, did you mean, remedy. No colours: the
 * command line adds them.
 */
export function formatProblem(problem: Problem): string {
  const { place, line } = problem;
  const gutter = String(place.line);
  const blank = ' '.repeat(gutter.length);
  const lines = [
    `${place.file}:${place.line}:${place.column} ${problem.severity} ${problem.code} ${problem.what}`,
    `  ${gutter} | ${line.text}`,
    `  ${blank} | ${line.text.slice(0, line.caret).replaceAll(/[^\t]/g, ' ')}^`,
  ];
  if (problem.found !== '') lines.push(`  found:    ${problem.found}`);
  if (problem.expected !== '') lines.push(`  expected: ${problem.expected}`);
  if (problem.nearest.length > 0) lines.push(`  did you mean: ${problem.nearest.join(', ')}`);
  lines.push(`  remedy:   ${problem.remedy.replaceAll('\n', '\n            ')}`);
  return lines.join('\n');
}

/** In the order of the files as first met, then by place; the same complaint at the same place once. */
export function inOrder(problems: Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.place.file))];
  const seen = new Set<string>();
  return problems
    .filter((problem) => {
      const { place, code, what } = problem;
      const key = `${place.file}:${place.line}:${place.column}:${code}:${what}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort(
      (a, b) =>
        files.indexOf(a.place.file) - files.indexOf(b.place.file) ||
        a.place.line - b.place.line ||
        a.place.column - b.place.column,
    );
}

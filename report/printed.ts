/** What steps have to say in words of their own: a load's summary as hey prints it, the lines of a sample. */
import type { Journal } from './journal.ts';

export interface Printed {
  title: string;
  lines: string[];
}

/** A kind prints by an output with `text` (laid out already), or `lines` and a `verdict` on them. */
export function printedOf(journal: Journal): Printed[] {
  return journal.steps.flatMap(({ title, verbs }) =>
    verbs
      .filter(({ verb }) => verb === 'look')
      .map(({ result }) => linesOf(result))
      .filter((lines) => lines.length > 0)
      .map((lines) => ({ title, lines })),
  );
}

function linesOf(result: unknown): string[] {
  const { text, lines, verdict } = (result ?? {}) as { text?: unknown; lines?: unknown; verdict?: unknown };
  if (typeof text === 'string') return text.trimEnd().split('\n');
  if (!Array.isArray(lines)) return [];
  return [...lines.map(String), ...(typeof verdict === 'string' ? ['', verdict] : [])];
}

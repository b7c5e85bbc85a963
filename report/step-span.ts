/** When a step itself was at work: its undo and comparison are the safety net's, its probes the engine's. */
import type { StepEntry } from './journal.ts';
import type { Span } from './spans.ts';

const notItsOwn: readonly string[] = ['undo', 'compare', 'probe'];

/** Undefined when nothing of it was scheduled; an activity that is not finished counts from its schedule. */
export function stepSpan(
  { verbs }: StepEntry,
  keep = (verb: string) => !notItsOwn.includes(verb),
): Span | undefined {
  const own = verbs.filter(({ verb }) => keep(verb));
  if (own.length === 0) return undefined;
  return {
    fromMs: Math.min(...own.map(({ scheduledMs }) => scheduledMs)),
    untilMs: Math.max(...own.map(({ endedMs, scheduledMs }) => endedMs ?? scheduledMs)),
  };
}

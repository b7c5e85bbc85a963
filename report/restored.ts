/** Whether everything is as it was: what undo and the comparison with the snapshots said, per step. */
import type { Json } from '../dsl/plan.ts';
import type { Restored } from '../workflows/protocol.ts';
import type { Journal, StepEntry, VerbEntry } from './journal.ts';
import { planIndex } from './plan-index.ts';
import { restoreCommand } from './verdict/run.ts';

/** Something that is not as it was, and the command that mends it. */
export interface Left {
  step: string;
  title: string;
  what: string;
  before: Json;
  now: Json;
  reason: string;
  remedy: string;
}

export interface Restoration {
  restored: Restored;
  left: Left[];
  /** Steps that were put back, or were seen to be as before, in the order in which that happened. */
  done: { step: string; title: string; atMs: number; how: 'undone' | 'same' }[];
}

/** A restore finishes what another run touched, unless the lock was a third one's. */
function untouched({ steps, restores, lock }: Journal): boolean {
  const did = steps.flatMap(({ verbs }) => verbs.map(({ verb }) => verb));
  return restores === undefined ? !did.includes('act') : lock?.state === 'busy' && did.length === 0;
}

type Difference = Omit<Left, 'step' | 'title'>;

export function restorationOf(journal: Journal): Restoration {
  const acted = journal.steps.filter((step) => mustReturn(journal, step));
  if (untouched(journal)) return { restored: 'untouched', left: [], done: [] };
  const left = acted.flatMap((step) => leftOf(journal, step));
  const unmended = new Set(left.map((one) => one.step));
  return {
    restored: left.length > 0 ? 'partly' : 'fully',
    left,
    done: acted
      .filter((step) => !unmended.has(step.path))
      .map(doneOf)
      .sort((a, b) => a.atMs - b.atMs),
  };
}

/**
 * A set-up stays when the run succeeds, so it counts once its undo was begun or the run broke off. On the way
 * back an act that is done is where things belong. `undo: none` is the author's word that it stays.
 */
export function mustReturn(journal: Journal, step: StepEntry): boolean {
  const acts = step.verbs.filter(({ verb }) => verb === 'act');
  const undone = step.verbs.some(({ verb }) => verb === 'undo' || verb === 'compare');
  if (acts.length === 0) return undone;
  const placed = planIndex(journal.plan).find(step.path);
  if (placed?.node.type !== 'step' || placed.node.undo === 'none') return false;
  if (undone) return true;
  if ((placed.section === 'recover' || placed.back) && isDone(acts.at(-1))) return false;
  return placed.node.effect !== 'provides' || brokeOff(journal);
}

export function brokeOff({ ended }: Journal): boolean {
  return ended === 'terminated' || ended === 'failed' || ended === 'timed-out';
}

export function isDone(verb: VerbEntry | undefined): boolean {
  return (verb?.result as { done?: boolean } | null | undefined)?.done === true;
}

/** The comparison has the last word; without one, what undo said; without that, nothing was put back. */
function leftOf(journal: Journal, step: StepEntry): Left[] {
  const undo = step.verbs.findLast(({ verb }) => verb === 'undo');
  const compare = step.verbs.findLast(
    ({ verb, scheduledMs }) => verb === 'compare' && scheduledMs >= (undo?.scheduledMs ?? 0),
  );
  const named = (differences: Difference[]): Left[] =>
    differences.map((one) => ({ step: step.path, title: step.title, ...one }));
  if (compare?.result !== undefined) return named((compare.result as unknown as { left: Difference[] }).left);
  if (compare === undefined && undo?.result !== undefined && isDone(undo))
    return named((undo.result as unknown as { left?: Difference[] }).left ?? []);
  if (undo === undefined && compare === undefined && undoneByAuthor(journal, step)) return [];
  return named([unknown(journal, step, compare ?? undo)]);
}

function unknown(journal: Journal, step: StepEntry, verb: VerbEntry | undefined): Difference {
  const reason = verb === undefined ? 'it was never put back' : (verb.failure?.what ?? 'it was not finished');
  const snapshot = step.verbs.find((one) => one.verb === 'snapshot')?.result ?? verb?.snapshot ?? null;
  return { what: step.title, before: snapshot, now: 'not known', reason, remedy: restoreCommand(journal) };
}

/** The author's own undo steps ran, and all of them were done. */
function undoneByAuthor(journal: Journal, step: StepEntry): boolean {
  const node = planIndex(journal.plan).find(step.path)?.node;
  if (node?.type !== 'step' || !Array.isArray(node.undo)) return false;
  return node.undo.every((one) => {
    const last = journal.steps.find(({ path }) => path === one.path)?.verbs.at(-1);
    return last?.result !== undefined;
  });
}

function doneOf(step: StepEntry): Restoration['done'][number] {
  const undo = step.verbs.findLast(({ verb }) => verb === 'undo');
  const last = undo ?? step.verbs.at(-1);
  return {
    step: step.path,
    title: step.title,
    atMs: last?.endedMs ?? last?.scheduledMs ?? 0,
    how: undo === undefined ? 'same' : 'undone',
  };
}

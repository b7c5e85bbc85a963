/** What a terminated or lost run still has to undo, for `firedrill restore RUN`. */
import type { UndoEntry } from '../workflows/protocol.ts';
import type { Journal, StepEntry } from './journal.ts';
import { planIndex } from './plan-index.ts';
import { brokeOff, isDone, mustReturn } from './restored.ts';

/**
 * Acts that were scheduled, whatever became of the attempt, and are not undone; the newest has the highest
 * `order`, which is also the order of the result reversed. A set-up is among them only when the run broke off.
 * An act without a snapshot in the journal cannot have touched anything: the snapshot is taken before.
 */
export function undoEntriesOf(journal: Journal): UndoEntry[] {
  return journal.steps
    .filter((step) => mustReturn(journal, step) && !undone(step))
    .map((step) => ({ step, act: step.verbs.find(({ verb }) => verb === 'act') }))
    .sort((a, b) => (a.act?.scheduledMs ?? 0) - (b.act?.scheduledMs ?? 0))
    .flatMap(({ step, act }, order) => entryOf(journal, step, act, order))
    .reverse();
}

/** The fault had begun, and the runbook's own way back was not seen to its end. */
export function mustRecover(journal: Journal): boolean {
  const { fault } = planIndex(journal.plan);
  const began = journal.steps.some(
    ({ path, verbs }) => path === fault?.path && verbs.some(({ verb }) => verb === 'act'),
  );
  return began && journal.sections.restore === undefined;
}

/** Undone in part is undone: what was left is left on purpose, because somebody changed it since. */
function undone(step: StepEntry): boolean {
  return step.verbs.some((verb) => verb.verb === 'undo' && isDone(verb));
}

/** The longest an attempt of an act may live on when its run has ended: what the workflow gives each attempt. */
const ATTEMPT_MS = 30_000;

const cutOff = (step: StepEntry): boolean =>
  step.verbs.some(({ verb, endedMs }) => verb === 'act' && endedMs === undefined);

function entryOf(
  journal: Journal,
  step: StepEntry,
  act: StepEntry['verbs'][number] | undefined,
  order: number,
): UndoEntry[] {
  const { node, group } = planIndex(journal.plan).find(step.path) ?? {};
  if (act === undefined || act.snapshot === undefined || node?.type !== 'step') return [];
  return [
    {
      step: step.path,
      title: step.title,
      uses: step.uses,
      phase: node.undoPhase ?? 'placement',
      order,
      ...(group !== undefined && { group }),
      ...(journal.endedMs !== undefined && cutOff(step) && { fenceMs: journal.endedMs + ATTEMPT_MS }),
      input: act.input,
      snapshot: act.snapshot,
      onlyOnFailure: node.effect === 'provides' && !brokeOff(journal),
      ...(Array.isArray(node.undo) && { nodes: node.undo }),
    },
  ];
}

/**
 * The way back. An undo is registered when its act is scheduled, whatever becomes of the act; what is still
 * registered at the end is undone phase by phase, newest first, and nothing that fails stops the rest.
 */
import { ActivityFailure, sleep } from '@temporalio/workflow';
import { type Node, undoPhases } from '../dsl/plan.ts';
import { ATTEMPT_MS, callVerb } from './call.ts';
import type { UndoEntry, VerbCall } from './protocol.ts';

/** What `undo` of a kind comes to, over however many calls it took. */
export type UndoOutcome = 'fully' | 'partly' | 'failed';

/** Calls an undo may take; each is an attempt of at most 30 s. */
const UNDO_CALLS = 60;
/** Attempts a transient failure gets: with the back-off, about ten minutes of an API that says 429 or 503. */
const UNDO_ATTEMPTS = 60;
/** Time a kind has to put things back gently, over all its calls; then it does it plainly. */
const UNDO_BUDGET_MS = 300_000;

export interface UndoLog {
  register(entry: Omit<UndoEntry, 'order'>): void;
  /** Attempts of the act that timed out may be alive until then, epoch ms. */
  fence(step: string, untilMs: number): void;
  /** On the way back an act that is done is where things belong: neither undone nor compared. */
  forget(step: string): void;
  /** The instances of a step that are still to be undone, newest first. */
  pendingOf(path: string): UndoEntry[];
  pending(failed: boolean): UndoEntry[];
  run(entry: UndoEntry): Promise<UndoOutcome>;
  /** What must be as before when the run ends: all that changed something, and the set-ups that were undone. */
  compared(): UndoEntry[];
}

export interface UndoHooks {
  nextCall(activity: string): number;
  onUndone(path: string, outcome: 'running' | UndoOutcome): void;
  /** Runs the author's own undo steps; rejects when one fails. */
  runNodes(nodes: Node[]): Promise<void>;
}

export function undoLog(hooks: UndoHooks): UndoLog {
  const entries: UndoEntry[] = [];
  const settled = new Set<string>();
  const fences = new Map<string, number>();
  let registered = 0;
  const isPending = (entry: UndoEntry) => !settled.has(entry.step);

  return {
    register(entry) {
      if (entries.some((known) => known.step === entry.step)) return;
      entries.push({ ...entry, order: registered++ });
    },
    fence(step, untilMs) {
      fences.set(step, Math.max(untilMs, fences.get(step) ?? 0));
    },
    forget(step) {
      const at = entries.findIndex((entry) => entry.step === step);
      if (at >= 0) entries.splice(at, 1);
    },
    pendingOf: (path) =>
      entries.filter((entry) => isPending(entry) && withoutItems(entry.step) === path).reverse(),
    pending: (failed) => entries.filter((entry) => isPending(entry) && (failed || !entry.onlyOnFailure)),
    compared: () =>
      entries.filter(
        (entry) => entry.nodes === undefined && (!entry.onlyOnFailure || settled.has(entry.step)),
      ),
    async run(entry) {
      const waitMs = Math.max(fences.get(entry.step) ?? 0, entry.fenceMs ?? 0) - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      hooks.onUndone(entry.step, 'running');
      const outcome = await (entry.nodes === undefined
        ? undoOnce(entry, hooks)
        : undoByNodes(entry.nodes, hooks));
      if (outcome !== 'failed') settled.add(entry.step);
      hooks.onUndone(entry.step, outcome);
      return outcome;
    },
  };
}

export function withoutItems(path: string): string {
  return path.replace(/\[\d+\]/g, '');
}

type UndoAnswer =
  | { done: true; restored: 'fully' | 'partly' }
  | { done: false; progress: UndoEntry['snapshot'] };

async function undoOnce(entry: UndoEntry, hooks: UndoHooks): Promise<UndoOutcome> {
  let progress: UndoEntry['snapshot'] | undefined;
  for (let call = 0; call < UNDO_CALLS; call += 1) {
    const answer = await callOn<UndoAnswer>(entry, hooks, 'undo', {
      budgetMs: Math.max(UNDO_BUDGET_MS - call * ATTEMPT_MS, ATTEMPT_MS),
      ...(progress !== undefined && { progress }),
    });
    if (answer === undefined) return 'failed';
    if (answer.done) return answer.restored;
    progress = answer.progress;
  }
  return 'failed';
}

/** Undefined when it failed: that is in history, and nothing else is stopped by it. */
async function callOn<R>(
  entry: UndoEntry,
  hooks: UndoHooks,
  verb: 'undo' | 'compare',
  more: Partial<VerbCall>,
): Promise<R | undefined> {
  const { step, title, uses, input, snapshot } = entry;
  const n = hooks.nextCall(`${step}/${verb}`);
  const call: VerbCall = {
    step,
    title,
    input,
    snapshot,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    attempts: UNDO_ATTEMPTS,
    fault: false,
    ...more,
  };
  try {
    const told = verb === 'undo' ? `Put back: ${title}` : `Compare with before: ${title}`;
    return (await callVerb<R>({ uses, queue: 'control', title: told }, verb, n, call, Date.now())).result;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return undefined;
  }
}

async function undoByNodes(nodes: Node[], hooks: UndoHooks): Promise<UndoOutcome> {
  try {
    await hooks.runNodes(nodes);
    return 'fully';
  } catch {
    return 'failed';
  }
}

/** Undoes everything still pending: phases in order, within a phase newest first, members of a group together. */
export async function restoreAll(log: UndoLog, failed: boolean): Promise<void> {
  for (const phase of undoPhases) {
    const entries = log
      .pending(failed)
      .filter((entry) => entry.phase === phase)
      .sort((a, b) => b.order - a.order);
    for (const batch of batches(entries)) await Promise.all(batch.map((entry) => log.run(entry)));
  }
}

function batches(entries: UndoEntry[]): UndoEntry[][] {
  const out: UndoEntry[][] = [];
  for (const entry of entries) {
    const last = out.at(-1);
    if (last !== undefined && entry.group !== undefined && last[0]?.group === entry.group) last.push(entry);
    else out.push([entry]);
  }
  return out;
}

/**
 * Compares what was touched with the snapshots taken before; the differences go into history as results.
 * True when everything could be compared and nothing differs.
 */
export async function compareAll(entries: UndoEntry[], hooks: UndoHooks): Promise<boolean> {
  const same = await Promise.all(
    entries.map(async (entry) => {
      const answer = await callOn<{ left: unknown[] }>(entry, hooks, 'compare', {});
      // What could not be compared counts as not restored.
      return answer?.left.length === 0;
    }),
  );
  return same.every(Boolean);
}

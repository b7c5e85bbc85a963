/** Finishes the undo of a run that was terminated or lost, from what its journal says is still to be undone. */
import { allHandlersFinished, CancellationScope, condition, defineQuery, setHandler } from '@temporalio/workflow';
import { callEngine, record } from './call.ts';
import { type Conclusion, type RestoreInput, type RunState, STATE_QUERY } from './protocol.ts';
import { watched } from './state.ts';
import { compareAll, restoreAll, type UndoHooks, undoLog } from './undo.ts';

const ENGINE_MS = 60_000;

export async function restore(input: RestoreInput): Promise<Conclusion> {
  const watch = watched(input.plan, Date.now());
  setHandler(defineQuery<RunState>(STATE_QUERY), () => watch.state);
  const calls = new Map<string, number>();
  const hooks: UndoHooks = {
    nextCall(activity) {
      const n = (calls.get(activity) ?? 0) + 1;
      calls.set(activity, n);
      return n;
    },
    onUndone: (path, outcome) => watch.undone(path, outcome),
    // The author's own undo steps need the run that knew their values; the kind's own undo is run instead.
    runNodes: () => Promise.reject(new Error('unreachable: entries of a restore have no nodes')),
  };
  const log = undoLog(hooks);
  for (const { nodes: _, ...entry } of input.entries) log.register(entry);
  return CancellationScope.nonCancellable(async () => {
    watch.phase('restore');
    await record({ record: 'section', section: 'restore' });
    await restoreAll(log, true);
    const same = await compareAll(log.compared(), hooks);
    if (same && log.pending(true).length === 0)
      await callEngine('engine.unlock', { deadlineMs: Date.now() + ENGINE_MS }, { timeoutMs: ENGINE_MS, summary: 'Unlock the fleet' });
    watch.phase('archive');
    await condition(allHandlersFinished);
    const conclusion = await callEngine(
      'engine.archive',
      { deadlineMs: Date.now() + ENGINE_MS },
      { timeoutMs: ENGINE_MS, summary: 'Write the evidence' },
    );
    watch.state.conclusion = conclusion;
    watch.phase('done');
    return conclusion;
  });
}

/** Puts the parts of a run together: what they tell each other is here and nowhere else. */
import type { CancellationScope } from '@temporalio/workflow';
import type { Plan } from '../dsl/plan.ts';
import { listen } from './decisions.ts';
import { runNodes } from './interpret.ts';
import type { DrillOptions } from './protocol.ts';
import type { Run } from './run.ts';
import { rootFrame } from './scope.ts';
import { watched } from './state.ts';
import { background, streamKey } from './traffic.ts';
import { type UndoHooks, undoLog } from './undo.ts';

/** @param exercise cancelled by an abort, a dead generator or the guard's floor. */
export function open(plan: Plan, options: DrillOptions, exercise: CancellationScope): Run {
  const watch = watched(plan, Date.now());
  const calls = new Map<string, number>();
  const nextCall = (activity: string) => {
    const n = (calls.get(activity) ?? 0) + 1;
    calls.set(activity, n);
    return n;
  };
  const halt: Run['halt'] = (failure) => {
    run.halted ??= failure;
    run.failed = true;
    exercise.cancel();
  };
  const hooks = undoHooks(() => run, nextCall);
  const run: Run = {
    plan,
    options,
    watched: watch,
    decisions: listen({
      state: watch.state,
      measuring: () => run.fault !== undefined && watch.state.phase === 'steps',
      exercising: () => ['preflight', 'lock', 'setup', 'verify', 'steps'].includes(watch.state.phase),
      onAbort(abort) {
        run.aborting ??= abort;
        watch.state.aborting = run.aborting;
        exercise.cancel();
      },
    }),
    traffic: background({
      onSlice: (path, slice) => {
        watch.slice(path, slice);
        watchFloor(run);
      },
      onDead: (path) =>
        halt({
          failure: 'unjudged',
          code: 'FD6009',
          what: `${path} is dead: three slices in a row were lost`,
          remedy: 'Look at the traffic worker: `npx firedrill doctor`',
        }),
    }),
    undo: undoLog(hooks),
    snapshots: new Map(),
    nextCall,
    failed: false,
    recovering: false,
    halt,
  };
  return run;
}

export function undoHooks(run: () => Run, nextCall: Run['nextCall']): UndoHooks {
  return {
    nextCall,
    onUndone: (path, outcome) => run().watched.undone(path, outcome),
    async runNodes(nodes) {
      const back = { failed: false };
      await runNodes(run(), nodes, { ...rootFrame(), back });
      // Also one after which its author goes on.
      if (back.failed) throw new Error('a step of the undo failed');
    },
  };
}

/** The guard on availability ends the exercise; recovery is never stopped by it. */
function watchFloor(run: Run): void {
  const floor = run.plan.guard.floor;
  if (floor === undefined || run.watched.state.phase !== 'steps') return;
  const nowMs = Date.now();
  const { requests, availability } = run.traffic.window(
    streamKey('', floor.step),
    nowMs - floor.windowMs,
    nowMs,
  );
  if (requests === 0 || availability >= floor.availability) return;
  run.halt({
    failure: 'deviated',
    code: 'FD6010',
    what: `availability fell to ${(availability * 100).toFixed(1)} %, under the guard's floor of ${floor.availability * 100} %`,
    remedy: 'The exercise was stopped to protect users',
  });
}

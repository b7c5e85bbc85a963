/**
 * What people tell a running drill. Handlers only record; the interpreter acts when it comes to the point.
 * Validators refuse what makes no sense now, with the reason, before anything is in history.
 */
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { type Abort, type Answer, type Approve, type Pause, type RunState, updates } from './protocol.ts';

export interface Decisions {
  /** Waits for a person's word on a step's approval; undefined when the time is over. */
  approval(step: string, withinMs: number): Promise<Approve | undefined>;
  /** Waits for a person's answer to a failed step; undefined when the time is over. */
  answer(step: string, withinMs: number): Promise<'retry' | 'skip' | undefined>;
  /** Resolves when the drill is not paused. */
  unpaused(): Promise<void>;
}

export interface DecisionHooks {
  state: RunState;
  /** Between fault and healthy a pause spoils the measurement. */
  measuring(): boolean;
  /** After the exercise there is nothing left to abort or pause: the way back always runs. */
  exercising(): boolean;
  onAbort(abort: Abort): void;
}

export function listen(hooks: DecisionHooks): Decisions {
  const { state } = hooks;
  const approvals = new Map<string, Approve>();
  const answers = new Map<string, 'retry' | 'skip'>();
  const waiting = (status: 'approval' | 'asking') =>
    state.steps.filter((step) => step.status === status).map((step) => step.path);
  const mustWait = (status: 'approval' | 'asking', step: string) => {
    const paths = waiting(status);
    if (!paths.includes(step))
      throw new Error(
        `${step} does not wait for ${status === 'approval' ? 'an approval' : 'an answer'}; ` +
          (paths.length > 0 ? `these do: ${paths.join(', ')}` : 'no step does'),
      );
  };
  const mustExercise = (what: string) => {
    if (!hooks.exercising())
      throw new Error(`too late to ${what}: the run is in ${state.phase}, which always runs to its end`);
  };

  setHandler(defineUpdate<void, [Approve]>(updates.approve), (word) => void approvals.set(word.step, word), {
    validator: (word) => mustWait('approval', word.step),
  });
  for (const answer of ['retry', 'skip'] as const)
    setHandler(defineUpdate<void, [Answer]>(updates[answer]), (word) => void answers.set(word.step, answer), {
      validator: (word) => mustWait('asking', word.step),
    });
  setHandler(defineUpdate<void, [Abort]>(updates.abort), (abort) => hooks.onAbort(abort), {
    validator: (_abort) => mustExercise('abort'),
  });
  setHandler(
    defineUpdate<void, [Pause]>(updates.pause),
    (pause) => {
      state.paused = { by: pause.by };
    },
    {
      validator: (pause) => {
        mustExercise('pause');
        if (hooks.measuring() && !pause.force)
          throw new Error(
            'the fault is being measured; a pause now makes the run inconclusive (--force does it)',
          );
      },
    },
  );
  setHandler(
    defineUpdate<void, [{ by: string }]>(updates.resume),
    () => {
      delete state.paused;
    },
    {
      validator: (_resume) => {
        if (state.paused === undefined) throw new Error('the run is not paused');
      },
    },
  );

  return {
    async approval(step, withinMs) {
      // A word said twice answers once: what was left over is for a question that is over.
      approvals.delete(step);
      await condition(() => approvals.has(step), withinMs);
      return take(approvals, step);
    },
    async answer(step, withinMs) {
      answers.delete(step);
      await condition(() => answers.has(step), withinMs);
      return take(answers, step);
    },
    unpaused: () => condition(() => state.paused === undefined),
  };
}

function take<V>(map: Map<string, V>, key: string): V | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

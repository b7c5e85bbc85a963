/** One step: with → approval → guard → snapshot → undo registered → act → probe, or one look. */
import { fill } from '../dsl/evaluate.ts';
import type { Json, Step, Verb } from '../dsl/plan.ts';
import { ATTEMPT_MS, callEngine, callVerb, record } from './call.ts';
import { engineFailure, mayStillRun } from './failure.ts';
import type { VerbCall, VerbResult } from './protocol.ts';
import { type Run, Stop } from './run.ts';
import { type Frame, scopeOf, settle } from './scope.ts';

/** How long a fault has to show its effect, once its act is done. */
const BITE_MS = 30_000;

interface Instance {
  run: Run;
  step: Step;
  path: string;
  input: Json;
  deadlineMs: number;
}

export async function runStep(run: Run, step: Step, frame: Frame): Promise<void> {
  const path = step.path + frame.suffix;
  const input = fill(step.with, scopeOf(run.plan, step.scope, frame, noWindow));
  const back = onTheWayBack(run, frame);
  if (step.approval !== undefined && !back) await approved(run, step, path, step.approval.withinMs);
  if (!back) await run.decisions.unpaused();
  run.watched.step(path, step.title, step.uses, 'running');
  if (step.background) {
    await run.traffic.start(step, path, input);
    settle(frame, step, { status: 'done', output: null });
    return;
  }
  const instance: Instance = { run, step, path, input, deadlineMs: Date.now() + step.timeoutMs };
  const output = step.verbs.includes('act') ? await act(instance, frame) : await look(instance);
  run.watched.step(path, step.title, step.uses, 'done');
  settle(frame, step, { status: 'done', output });
}

/** What puts things back is neither approved, paused nor guarded, and nothing undoes it. */
export function onTheWayBack(run: Run, frame: Frame): boolean {
  return run.recovering || frame.back !== undefined;
}

/** The compiler allows windows in `if` and `assert` only: `with` does not wait for traffic. */
function noWindow(): never {
  throw new RangeError('window() in `with`');
}

async function approved(run: Run, step: Step, path: string, withinMs: number): Promise<void> {
  run.watched.step(path, step.title, step.uses, 'approval');
  const word = await run.decisions.approval(path, withinMs);
  if (word?.approved) return;
  if (word === undefined) await record({ record: 'expired', path, what: 'approval' });
  const why = word === undefined ? 'nobody approved it in time' : `${word.by} did not approve it`;
  run.aborting ??= { by: word?.by ?? 'approval', reason: `${step.title}: ${why}` };
  run.watched.step(path, step.title, step.uses, 'failed', why);
  throw new Stop({
    failure: 'refused',
    code: 'FD6006',
    what: `${step.title}: ${why}`,
    remedy: 'Start the drill again',
  });
}

async function look(instance: Instance): Promise<Json> {
  const { result } = await call<Json>(instance, 'look');
  return result;
}

async function act(instance: Instance, frame: Frame): Promise<Json> {
  const { run, step, path, input } = instance;
  if (step.effect === 'disrupts' && !onTheWayBack(run, frame))
    await callEngine(
      'engine.guard',
      { step: path, uses: step.uses, input, deadlineMs: instance.deadlineMs },
      { n: run.nextCall('engine.guard'), timeoutMs: ATTEMPT_MS, summary: `Guards before: ${step.title}` },
    );
  const snapshot = await snapshotOnce(instance);
  register(instance, snapshot, frame);
  if (step.fault) run.fault = { step, path, input, snapshot, bitten: false };
  const output = await actUntilDone(instance, snapshot);
  if (run.fault?.path === path) {
    await mustBite(instance, snapshot, instance.deadlineMs);
    run.fault.bitten = true;
  }
  // On the way back an act that is done is where things belong; one that broke off is undone by the safety net.
  if (onTheWayBack(run, frame)) run.undo.forget(path);
  return output;
}

async function snapshotOnce(instance: Instance): Promise<Json> {
  const { run, path } = instance;
  const known = run.snapshots.get(path);
  if (known !== undefined) return known;
  const { result } = await call<Json>(instance, 'snapshot');
  run.snapshots.set(path, result);
  return result;
}

function register({ run, step, path, input }: Instance, snapshot: Json, frame: Frame): void {
  if (step.undo === 'none') return;
  run.undo.register({
    step: path,
    title: step.title,
    uses: step.uses,
    phase: step.undoPhase ?? 'placement',
    ...(frame.group !== undefined && { group: frame.group }),
    input,
    snapshot,
    onlyOnFailure: step.effect === 'provides',
    ...(Array.isArray(step.undo) && { nodes: step.undo }),
  });
}

type Acted = { done: true; output: Json } | { done: false; progress: Json };

async function actUntilDone(instance: Instance, snapshot: Json): Promise<Json> {
  const { run, step, path } = instance;
  let progress: Json | undefined;
  for (;;) {
    try {
      const answer = await call<Acted>(instance, 'act', {
        snapshot,
        fault: step.fault,
        ...(progress !== undefined && { progress }),
      });
      if (answer.mayOverlap) run.undo.fence(path, Date.now() + ATTEMPT_MS);
      if (answer.faultAtMs !== undefined) run.watched.state.faultAtMs ??= answer.faultAtMs;
      if (answer.result.done) return answer.result.output;
      progress = answer.result.progress;
    } catch (error) {
      if (mayStillRun(error)) run.undo.fence(path, Date.now() + ATTEMPT_MS);
      throw error;
    }
    if (Date.now() >= instance.deadlineMs)
      throw engineFailure(
        'broken',
        'FD6007',
        `${step.title} was not done within ${step.timeoutMs / 1000} s; last: ${JSON.stringify(progress)}`,
        'Give it a longer `timeout`, or find out what holds it up',
      );
  }
}

/** A fault that did not bite proves nothing: such a drill is broken, never passed or failed. */
async function mustBite(instance: Instance, snapshot: Json, untilMs: number): Promise<void> {
  const deadlineMs = Math.max(Math.min(Date.now() + BITE_MS, untilMs), Date.now() + 1_000);
  const { result } = await call<{ bitten: boolean; evidence: string }>({ ...instance, deadlineMs }, 'probe', {
    snapshot,
  });
  if (!result.bitten)
    throw engineFailure(
      'broken',
      'FD6008',
      `the fault did not bite: ${result.evidence}`,
      'Find out why the disruption had no effect; without it the drill proves nothing',
    );
}

/** Shown once more before recovery begins: an effect that was lost in between was not survived. */
export async function stillBites(run: Run): Promise<void> {
  if (run.fault === undefined) return;
  const { step, path, input, snapshot } = run.fault;
  const instance: Instance = { run, step, path, input, deadlineMs: Date.now() + 5_000 };
  await mustBite(instance, snapshot, instance.deadlineMs);
}

async function call<R>(
  { run, step, path, input, deadlineMs }: Instance,
  verb: Verb,
  more: Partial<VerbCall> = {},
): Promise<VerbResult<R>> {
  const n = run.nextCall(`${path}/${verb}`);
  const { faultAtMs } = run.watched.state;
  return callVerb<R>(
    {
      uses: step.uses,
      queue: step.queue,
      backoffMs: step.retry.backoffMs,
      title: verb === 'look' || verb === 'act' ? step.title : `${step.title} (${verb})`,
    },
    verb,
    n,
    {
      step: path,
      title: step.title,
      input,
      deadlineMs,
      attempts: step.retry.attempts,
      fault: false,
      ...(faultAtMs !== undefined && { faultAtMs }),
      ...more,
    },
    Date.now(),
  );
}

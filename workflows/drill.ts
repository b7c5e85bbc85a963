/**
 * A drill, from preflight to archive. The order is the product: nothing is touched until all is known to be
 * sound, and once something was touched everything below `exercise` runs whatever happened above it.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  isCancellation,
  patched,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { type Node, type Plan, type Section, type Step, walk } from '../dsl/plan.ts';
import { callEngine, record } from './call.ts';
import { failureOf, type StepFailure } from './failure.ts';
import { runNodes } from './interpret.ts';
import { open, undoHooks } from './open.ts';
import {
  type Conclusion,
  type DrillOptions,
  type Phase,
  type RestoreInput,
  type RunState,
  STATE_QUERY,
} from './protocol.ts';
import { type Run, Stop } from './run.ts';
import { type Frame, rootFrame } from './scope.ts';
import { stillBites } from './step.ts';
import { compareAll, restoreAll } from './undo.ts';

/** Engine activities answer within this, or are started again. */
const ENGINE_MS = 60_000;
/** Preflight asks every cluster, each within its own deadline. */
const PREFLIGHT_MS = 60_000;

const stateQuery = defineQuery<RunState>(STATE_QUERY);

export async function drill(plan: Plan, options: DrillOptions): Promise<Conclusion> {
  return within(plan, options, conduct);
}

/** Finishes what a terminated or lost run left: its way back, from what its journal says is still to be undone. */
export async function restore({ plan, entries, recover }: RestoreInput): Promise<Conclusion> {
  const options: DrillOptions = { requestedBy: 'restore', scheduled: false, searchAttributes: false };
  return within(plan, options, async (run) => {
    // What the author's own undo steps refer to is lost with the run; the kind's own undo needs only the snapshot.
    for (const { nodes: _, ...entry } of entries) run.undo.register(entry);
    run.failed = true;
    enter(run, 'lock');
    if (await free(run)) await wayBack(run, rootFrame(), recover);
    return conclude(run);
  });
}

/** Beside another run nothing is put back. A lock that cannot be asked for is no reason to leave a cluster drained. */
async function free(run: Run): Promise<boolean> {
  try {
    await lock();
    return true;
  } catch (error) {
    const failure = failureOf(error);
    await recordEngine(run, failure);
    return !isBusy(failure);
  }
}

async function within(
  plan: Plan,
  options: DrillOptions,
  body: (run: Run, exercise: CancellationScope) => Promise<Conclusion>,
): Promise<Conclusion> {
  const exercise = new CancellationScope({ cancellable: true });
  // "Cancel" in the Web UI is an abort: it must not cancel the way back.
  void CancellationScope.current().cancelRequested.catch(() => {
    run.aborting ??= { by: 'a cancellation of the workflow', reason: 'cancelled' };
    run.watched.state.aborting = run.aborting;
    exercise.cancel();
  });
  const run = open(plan, options, exercise);
  setHandler(stateQuery, () => run.watched.state);
  return CancellationScope.nonCancellable(() => body(run, exercise));
}

async function conduct(run: Run, exercise: CancellationScope): Promise<Conclusion> {
  const frame = rootFrame();
  const ready = await exercise.run(() => stopped(run, () => prepare(run)));
  if (ready) {
    const done = await exercise.run(() => stopped(run, () => exerciseAll(run, frame)));
    if (looksAgain(run, done)) await stopped(run, () => stillBites(run));
    await wayBack(run, frame, run.fault !== undefined);
  }
  return conclude(run);
}

/** After a failure as well: what failed under a fault that had gone again says nothing about the system. */
function looksAgain({ fault, aborting }: Run, done: boolean): boolean {
  if (fault?.bitten !== true || aborting !== undefined) return false;
  return done || patched('fault-seen-again-after-a-failure');
}

/** False when a stop or an abort ended it; why is in history, so that the journal knows. */
async function stopped(run: Run, part: () => Promise<void>): Promise<boolean> {
  try {
    await part();
    return true;
  } catch (error) {
    run.failed = true;
    if (error instanceof Stop) return false;
    if (!isCancellation(error)) await recordEngine(run, failureOf(error));
    else if (run.halted !== undefined) await recordEngine(run, run.halted);
    return false;
  }
}

const recordEngine = (run: Run, failure: StepFailure, path: string = run.watched.state.phase) =>
  CancellationScope.nonCancellable(() => record({ record: 'error', path, ...failure }));

/** The phase is for lists of runs too, which no worker has to answer. */
function enter(run: Run, phase: Phase): void {
  run.watched.phase(phase);
  if (run.options.searchAttributes) upsertSearchAttributes({ FiredrillPhase: [phase] });
}

async function prepare(run: Run): Promise<void> {
  enter(run, 'preflight');
  const { findings } = await callEngine(
    'engine.preflight',
    { deadlineMs: Date.now() + PREFLIGHT_MS },
    { timeoutMs: PREFLIGHT_MS + ENGINE_MS, summary: 'Preflight: read-only checks of everything at once' },
  );
  run.watched.state.findings = findings;
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0)
    throw new Stop({
      failure: 'broken',
      code: errors[0]?.code ?? 'FD6016',
      what: `preflight found ${errors.length} error(s)`,
      remedy: errors.map((error) => error.remedy).join('; '),
    });
  enter(run, 'lock');
  try {
    await lock();
  } catch (error) {
    // Aborted, or lost on its way, it may be ours all the same.
    if (!isBusy(failureOf(error))) await CancellationScope.nonCancellable(() => unlock(run));
    throw error;
  }
}

const lock = () =>
  callEngine(
    'engine.lock',
    { deadlineMs: Date.now() + ENGINE_MS },
    { timeoutMs: ENGINE_MS, summary: 'Lock the fleet' },
  );

/** The lock is another run's. */
const isBusy = ({ code }: StepFailure): boolean => code === 'FD6024';

/** Releases what this run holds and nothing else. A lock that stays is told by the journal, and takes no verdict away. */
async function unlock(run: Run): Promise<void> {
  try {
    await callEngine(
      'engine.unlock',
      { deadlineMs: Date.now() + ENGINE_MS },
      { timeoutMs: ENGINE_MS, summary: 'Unlock the fleet' },
    );
  } catch (error) {
    await recordEngine(run, failureOf(error), 'lock');
  }
}

async function exerciseAll(run: Run, frame: Frame): Promise<void> {
  await section(run, 'setup', frame);
  await section(run, 'verify', frame);
  const fault = faultOf(run.plan);
  if (fault !== undefined && run.plan.fleet.identity !== undefined)
    await callEngine(
      'engine.controls',
      { deadlineMs: Date.now() + ENGINE_MS },
      { timeoutMs: ENGINE_MS, summary: 'Controls: the detectors must see the victim and a failure' },
    );
  await section(run, 'steps', frame);
  await settled(run);
}

async function section(run: Run, name: Section, frame: Frame): Promise<void> {
  if (run.plan.sections[name].length === 0) return;
  enter(run, name);
  await record({ record: 'section', section: name });
  await runNodes(run, run.plan.sections[name], frame);
}

function faultOf(plan: Plan): Step | undefined {
  for (const node of walk(plan.sections.steps)) if (node.type === 'step' && node.fault) return node;
  return undefined;
}

/** Holds the exercise until users have been seen healthy for `settle`, or have had the time to be. */
async function settled(run: Run): Promise<void> {
  const settleMs = run.plan.objective?.settleMs;
  if (settleMs === undefined || run.fault === undefined || !run.traffic.active()) return;
  const nowMs = Date.now();
  await run.traffic.covered(nowMs);
  // What was clean before the fault proves nothing; seconds are counted whole.
  const sinceFaultMs = nowMs - (run.watched.state.faultAtMs ?? nowMs);
  const missingMs = settleMs + 1_000 - Math.min(run.traffic.cleanMs(nowMs), sinceFaultMs);
  if (missingMs <= 0) return;
  await sleep(missingMs);
  await run.traffic.covered(Date.now());
}

/** Everything that must happen once something may have been touched. */
async function wayBack(run: Run, frame: Frame, recover: boolean): Promise<void> {
  run.recovering = true;
  if (recover) await stopped(run, () => section(run, 'recover', frame));
  enter(run, 'restore');
  await record({ record: 'section', section: 'restore' });
  const failed = run.failed;
  await restoreAll(run.undo, failed);
  if (recover && !failed)
    await stopped(run, () => runNodes(run, finalVerify(run.plan.sections.verify), frame));
  const same = await compareAll(
    run.undo.compared(),
    undoHooks(() => run, run.nextCall),
  );
  await measuredOut(run);
  await run.traffic.stop();
  // A fleet that is not as it was stays locked: the next drill would take its state for the normal one.
  if (same && run.undo.pending(failed).length === 0) await unlock(run);
}

/** Availability is judged over [fault, fault + rto]: users go on until there. */
async function measuredOut(run: Run): Promise<void> {
  const { objective } = run.plan;
  const { faultAtMs } = run.watched.state;
  if (objective?.rtoMs === undefined || objective.availability === undefined || faultAtMs === undefined)
    return;
  const leftMs = faultAtMs + objective.rtoMs - Date.now();
  if (leftMs > 0 && run.traffic.active() && run.aborting === undefined) await sleep(leftMs);
}

/** The steady state once more; its activities need ids of their own. */
function finalVerify(nodes: Node[]): Node[] {
  return nodes.map((node) => {
    const again: Node = { ...node, path: `final.${node.path}` };
    if (again.type === 'parallel') again.branches = finalVerify(again.branches);
    if (again.type === 'group') again.body = finalVerify(again.body);
    if (again.type === 'for-each') again.body = finalVerify([again.body])[0] as Node;
    return again;
  });
}

async function conclude(run: Run): Promise<Conclusion> {
  enter(run, 'archive');
  await condition(allHandlersFinished);
  const conclusion = await callEngine(
    'engine.archive',
    { deadlineMs: Date.now() + ENGINE_MS },
    { timeoutMs: ENGINE_MS, summary: 'Judge, and write the evidence' },
  );
  run.watched.state.conclusion = conclusion;
  enter(run, 'done');
  upsertMemo({ conclusion });
  if (run.options.searchAttributes)
    upsertSearchAttributes({
      FiredrillVerdict: [conclusion.verdict],
      FiredrillJournal: [conclusion.journalHead],
    });
  return conclusion;
}

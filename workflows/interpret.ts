/**
 * The interpreter: one recursive function over the Plan's nodes. What a failure means is decided in one place
 * (`afterFailure`); everything that touches the world is in `step.ts`.
 */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { evaluate } from '../dsl/evaluate.ts';
import {
  type Assert,
  type Cel,
  type ForEach,
  type Json,
  type Node,
  type Parallel,
  type Undo,
  walk,
} from '../dsl/plan.ts';
import { WINDOW_MINIMUM } from '../dsl/window.ts';
import { record } from './call.ts';
import { engineFailure, failureOf, type StepFailure } from './failure.ts';
import { type Run, Stop } from './run.ts';
import { type Frame, gather, itemFrame, scopeOf, settle } from './scope.ts';
import { onTheWayBack, runStep } from './step.ts';
import { streamKey } from './traffic.ts';

export async function runNodes(run: Run, nodes: Node[], frame: Frame): Promise<void> {
  for (const node of nodes) await runNode(run, node, frame);
}

async function runNode(run: Run, node: Node, frame: Frame): Promise<void> {
  const path = node.path + frame.suffix;
  for (;;) {
    try {
      if (node.if !== undefined && (await valueOfCel(run, node.if, node.scope, frame)) !== true) {
        await skip(run, node, frame, `if: ${node.if.cel} is false`);
        return;
      }
      await perform(run, node, frame);
      return;
    } catch (error) {
      if (error instanceof Stop) throw error;
      if (isCancellation(error)) {
        mark(run, node, path, 'cancelled');
        throw error;
      }
      if (frame.back !== undefined) frame.back.failed = true;
      const next = await afterFailure(run, node, frame, await failed(run, node, path, error));
      if (next === 'retry') continue;
      if (next === 'skip') await skip(run, node, frame, 'skipped by a person after it failed');
      else settle(frame, node, { status: 'failed', output: null });
      return;
    }
  }
}

async function perform(run: Run, node: Node, frame: Frame): Promise<void> {
  switch (node.type) {
    case 'step':
      return runStep(run, node, frame);
    case 'assert':
      return runAssert(run, node, frame);
    case 'parallel':
      return runParallel(run, node, frame);
    case 'group':
      return runNodes(run, node.body, frame);
    case 'for-each':
      return runForEach(run, node, frame);
    case 'undo':
      return runUndo(run, node, frame);
  }
}

/** A block has no failure of its own: its steps' are in history. Everything else gets its mark and its record. */
async function failed(run: Run, node: Node, path: string, error: unknown): Promise<StepFailure> {
  const failure = failureOf(error);
  run.failed = true;
  mark(run, node, path, 'failed', failure.what);
  await record({
    record: 'error',
    path,
    code: failure.code,
    what: failure.what,
    remedy: failure.remedy,
    failure: failure.failure,
  });
  return failure;
}

type Next = 'retry' | 'skip' | 'continue';

async function afterFailure(run: Run, node: Node, frame: Frame, failure: StepFailure): Promise<Next> {
  const path = node.path + frame.suffix;
  if (node.onFailure === 'continue') return 'continue';
  // Nobody is there to answer a scheduled run, and the way back never waits for a person.
  if (node.onFailure !== 'ask' || run.options.scheduled || onTheWayBack(run, frame)) throw new Stop(failure);
  mark(run, node, path, 'asking', failure.what);
  const answer = await run.decisions.answer(path, node.askWithinMs);
  if (answer !== undefined) return answer;
  await record({ record: 'expired', path, what: 'answer' });
  mark(run, node, path, 'failed', failure.what);
  throw new Stop(failure);
}

async function skip(run: Run, node: Node, frame: Frame, why: string): Promise<void> {
  const path = node.path + frame.suffix;
  // The steps inside a block are skipped with it: what refers to them finds them so.
  for (const inner of walk([node])) {
    mark(run, inner, inner.path + frame.suffix, 'skipped');
    settle(frame, inner, { status: 'skipped', output: null });
  }
  await record({ record: 'skipped', path, why });
}

function mark(
  run: Run,
  node: Node,
  path: string,
  status: Parameters<Run['watched']['step']>[3],
  error?: string,
) {
  if (node.type === 'parallel' || node.type === 'group' || node.type === 'for-each') return;
  run.watched.step(path, node.title, node.type === 'step' ? node.uses : node.type, status, error);
}

/** Waits for the traffic an expression looks at; a window with too few requests is no evidence either way. */
async function valueOfCel(run: Run, cel: Cel, scope: string, frame: Frame): Promise<Json> {
  const nowMs = Date.now();
  for (const { step, ms } of cel.windows) {
    await run.traffic.covered(nowMs, streamKey(scope, step));
    const { requests } = run.traffic.window(streamKey(scope, step), nowMs - ms, nowMs);
    if (requests < WINDOW_MINIMUM)
      throw engineFailure(
        'unjudged',
        'FD6003',
        `${cel.cel}: only ${requests} requests in the last ${ms / 1000} s of ${step}, ${WINDOW_MINIMUM} are needed`,
        'Widen the window or raise the rate',
      );
  }
  return evaluate(
    cel,
    scopeOf(run.plan, scope, frame, (step, ms) =>
      run.traffic.window(streamKey(scope, step), nowMs - ms, nowMs),
    ),
  );
}

/** A deviation fails the verdict, not the engine: the drill goes on and the journal has the value. */
async function runAssert(run: Run, node: Assert, frame: Frame): Promise<void> {
  const path = node.path + frame.suffix;
  mark(run, node, path, 'running');
  const holds = await valueOfCel(run, node.expression, node.scope, frame);
  const nowMs = Date.now();
  const seen = Object.fromEntries(
    node.expression.windows.map(({ step, ms }) => [
      `window('${step}', ${ms} ms)`,
      { ...run.traffic.window(streamKey(node.scope, step), nowMs - ms, nowMs) },
    ]),
  ) as Json;
  await record({
    record: 'assert',
    path,
    expression: node.expression.cel,
    value: seen,
    holds: holds === true,
  });
  if (holds !== true && node.onFailure !== 'continue')
    throw engineFailure(
      'deviated',
      'FD6025',
      `${node.title} does not hold`,
      'Look at the values in the journal',
    );
  if (holds !== true) {
    run.failed = true;
    if (frame.back !== undefined) frame.back.failed = true;
  }
  mark(run, node, path, holds === true ? 'done' : 'failed');
  settle(frame, node, { status: holds === true ? 'done' : 'failed', output: { holds: holds === true } });
}

async function runParallel(run: Run, node: Parallel, frame: Frame): Promise<void> {
  const group = node.path + frame.suffix;
  await together(
    node.branches.map((branch) => () => runNode(run, branch, { ...frame, group })),
    node.branches.length,
  );
}

async function runForEach(run: Run, node: ForEach, frame: Frame): Promise<void> {
  const items = Array.isArray(node.items) ? node.items : await valueOfCel(run, node.items, node.scope, frame);
  if (!Array.isArray(items))
    throw engineFailure(
      'bug',
      'FD6004',
      `for-each got ${JSON.stringify(items)}, which is no list`,
      'Give it a list',
    );
  const frames = items.map((item, index) => itemFrame(frame, index, item, node.path + frame.suffix));
  await together(
    frames.map((one) => () => runNode(run, node.body, one)),
    node.maxParallel,
  );
  gather(frame, frames);
}

/** Runs tasks, at most `width` at a time. The first stop cancels the others; all are awaited; it is then thrown. */
async function together(tasks: (() => Promise<void>)[], width: number): Promise<void> {
  let stopped: unknown;
  const scope = new CancellationScope({ cancellable: true });
  await scope.run(async () => {
    const queue = [...tasks];
    const lane = async () => {
      for (let task = queue.shift(); task !== undefined && stopped === undefined; task = queue.shift()) {
        try {
          await task();
        } catch (error) {
          if (stopped === undefined) {
            stopped = error;
            scope.cancel();
          }
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(width, tasks.length) }, lane));
  });
  if (stopped !== undefined) throw stopped;
}

async function runUndo(run: Run, node: Undo, frame: Frame): Promise<void> {
  const path = node.path + frame.suffix;
  mark(run, node, path, 'running');
  const outcomes = await Promise.all(run.undo.pendingOf(node.target).map((entry) => run.undo.run(entry)));
  if (outcomes.includes('failed'))
    throw engineFailure(
      'refused',
      'FD6005',
      `${node.target} could not be undone`,
      'The safety net tries again',
    );
  mark(run, node, path, 'done');
  settle(frame, node, {
    status: 'done',
    output: { restored: outcomes.includes('partly') ? 'partly' : 'fully' },
  });
}

/** A real Temporal server with real workers, over the toy world: what every test of the engine runs on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { stepActivities } from '../../activities/activity.ts';
import { engineActivities } from '../../activities/engine/engine.ts';
import type { Ports } from '../../activities/ports/ports.ts';
import { workflowsPath } from '../../adapters/temporal/bundle.ts';
import { createRuns } from '../../adapters/temporal/runs.ts';
import { temporalExecutable } from '../../cli/temporal/executable.ts';
import { compile } from '../../dsl/compile.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Plan } from '../../dsl/plan.ts';
import { journalOf } from '../../report/history.ts';
import type { Journal } from '../../report/journal.ts';
import { mustRecover, undoEntriesOf } from '../../report/restore-plan.ts';
import {
  CONTROL_QUEUE,
  type Conclusion,
  type DrillOptions,
  type RestoreInput,
  type RunState,
  STATE_QUERY,
  TRAFFIC_QUEUE,
} from '../../workflows/protocol.ts';
import { canaries, toyKinds } from '../toy/kinds.ts';

export const toyFleet: Fleet = {
  name: 'toy',
  tier: 'sandbox',
  production: false,
  members: {},
  allowHosts: [],
  flags: {},
  hosts: { workers: [] },
  notify: [],
  file: '/toy/fleet.yaml',
};

export interface Drill {
  handle: WorkflowHandleWithFirstExecutionRunId;
  result(): Promise<Conclusion>;
  journal(): Promise<Journal>;
  state(): Promise<RunState>;
  /** Resolves when the state is as wanted; rejects after 20 s with what it is. */
  until(wanted: (state: RunState) => boolean): Promise<RunState>;
}

export interface Engine {
  env: TestWorkflowEnvironment;
  bundle: WorkflowBundle;
  start(
    runbook: string,
    options?: Partial<DrillOptions> & { inputs?: Record<string, string> },
  ): Promise<Drill>;
  restore(journal: Journal, workflowId?: string): Promise<Conclusion>;
  close(): Promise<void>;
}

const noPorts = new Proxy({} as Ports, {
  get(_, name) {
    throw new Error(`the toy world has no port ${String(name)}`);
  },
});

export async function startEngine(evidence: string): Promise<Engine> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { path } = await temporalExecutable(() => undefined);
  const env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
  const bundle = await bundleWorkflowCode({ workflowsPath: workflowsPath() });
  const wiring = {
    kinds: toyKinds,
    openPorts: () => noPorts,
    runs: createRuns(env.client),
    secrets: () => [canaries.kubeconfig],
    evidence,
  };
  const activities = { ...stepActivities(wiring), ...engineActivities(wiring) };
  const common = {
    connection: env.nativeConnection,
    activities,
    maxHeartbeatThrottleInterval: '1s',
  } as const;
  const workers = [
    await Worker.create({ ...common, taskQueue: CONTROL_QUEUE, workflowBundle: bundle }),
    await Worker.create({ ...common, taskQueue: TRAFFIC_QUEUE }),
  ];
  const running = workers.map((worker) => worker.run());
  let count = 0;
  return {
    env,
    bundle,
    async start(runbook, { inputs = {}, ...options } = {}) {
      count += 1;
      return startDrill(env, planOf(runbook, inputs), `drill-${count}`, {
        requestedBy: 'test',
        scheduled: false,
        searchAttributes: false,
        ...options,
      });
    },
    async restore(journal, workflowId) {
      count += 1;
      const input: RestoreInput = {
        plan: journal.plan,
        run: journal.run,
        entries: undoEntriesOf(journal).sort((a, b) => a.order - b.order),
        recover: mustRecover(journal),
      };
      return (await env.client.workflow.execute('restore', {
        workflowId: workflowId ?? `restore-${count}`,
        taskQueue: CONTROL_QUEUE,
        args: [input],
      })) as Conclusion;
    },
    async close() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await env.teardown();
    },
  };
}

export function planOf(runbook: string, inputs: Record<string, string> = {}): Plan {
  const { plan, problems } = compile({
    file: 'drill.yaml',
    text: runbook,
    catalogue: new Map(toyKinds.map((kind) => [kind.name, kind])),
    fleet: toyFleet,
    inputs,
    read: (path) => {
      throw new Error(`no file ${path}`);
    },
  });
  if (plan === undefined) throw new Error(problems.map((one) => `${one.code} ${one.what}`).join('\n'));
  return plan;
}

async function startDrill(
  env: TestWorkflowEnvironment,
  plan: Plan,
  workflowId: string,
  options: DrillOptions,
): Promise<Drill> {
  const handle = await env.client.workflow.start('drill', {
    workflowId,
    taskQueue: CONTROL_QUEUE,
    args: [plan, options],
  });
  const state = () => handle.query<RunState>(STATE_QUERY);
  return {
    handle,
    result: () => handle.result() as Promise<Conclusion>,
    journal: async () =>
      journalOf(await handle.fetchHistory(), { workflowId, runId: handle.firstExecutionRunId }),
    state,
    async until(wanted) {
      const untilMs = Date.now() + 20_000;
      for (;;) {
        const now = await state();
        if (wanted(now)) return now;
        if (Date.now() > untilMs) throw new Error(`not reached: ${JSON.stringify(now, null, 1)}`);
        await sleep(50);
      }
    },
  };
}

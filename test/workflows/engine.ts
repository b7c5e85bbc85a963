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
  /** The control worker is told to stop in the middle of its work, and another one comes. */
  replaceWorker(awayMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** What a test may have in place of the toy world's emptiness. */
export interface World {
  fleet?: Fleet;
  ports?: Ports;
}

const noPorts = new Proxy({} as Ports, {
  get(_, name) {
    throw new Error(`the toy world has no port ${String(name)}`);
  },
});

export async function startEngine(
  evidence: string,
  { fleet = toyFleet, ports = noPorts }: World = {},
): Promise<Engine> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { path } = await temporalExecutable(() => undefined);
  const env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
  const bundle = await bundleWorkflowCode({ workflowsPath: workflowsPath() });
  const wiring = {
    kinds: toyKinds,
    openPorts: () => ports,
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
  const control = async () =>
    begun(
      await Worker.create({
        ...common,
        taskQueue: CONTROL_QUEUE,
        workflowBundle: bundle,
        stickyQueueScheduleToStartTimeout: '1s',
      }),
    );
  let worker = await control();
  const traffic = begun(await Worker.create({ ...common, taskQueue: TRAFFIC_QUEUE }));
  let count = 0;
  return {
    env,
    bundle,
    async start(runbook, { inputs = {}, ...options } = {}) {
      count += 1;
      return startDrill(env, planOf(runbook, inputs, fleet), `drill-${count}`, {
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
    async replaceWorker(awayMs = 0) {
      await worker.stop();
      await sleep(awayMs);
      worker = await control();
    },
    async close() {
      await Promise.all([worker.stop(), traffic.stop()]);
      await env.teardown();
    },
  };
}

function begun(worker: Worker): { stop(): Promise<void> } {
  const running = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await running;
    },
  };
}

export function planOf(runbook: string, inputs: Record<string, string> = {}, fleet: Fleet = toyFleet): Plan {
  const { plan, problems } = compile({
    file: 'drill.yaml',
    text: runbook,
    catalogue: new Map(toyKinds.map((kind) => [kind.name, kind])),
    fleet,
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

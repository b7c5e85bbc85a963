import { writeFileSync } from 'node:fs';
import type { Plan } from '../../dsl/plan.ts';
import type { DrillOptions } from '../../workflows/protocol.ts';
import { note, noteFlag } from '../answer.ts';
import { type Call, type Command, type Flag, jsonFlag } from '../command.ts';
import { compileRunbook, requirePlan, runbookFlags } from '../compile.ts';
import { follow } from '../live/follow.ts';
import { person } from '../person.ts';
import { exitCodes, problem, renderProblem } from '../problem.ts';
import { prepare } from '../processes/home.ts';
import { keepFile } from '../processes/stop-all.ts';
import { drillStart, drillWorkflow, newRunId } from '../temporal/drill.ts';
import { pollers } from '../temporal/pollers.ts';
import type { FoundRun } from '../temporal/runs.ts';
import { haveSearchAttributes } from '../temporal/search-attributes.ts';
import { openSession, type Session } from '../temporal/session.ts';

const flags: Record<string, Flag> = {
  ...runbookFlags,
  ...noteFlag,
  detach: { type: 'boolean', summary: 'start it and leave it to itself' },
  keep: { type: 'boolean', summary: 'leave the local processes up for ever, not 15 minutes' },
  ...jsonFlag,
};

export const command: Command = {
  usage: 'start RUNBOOK [--INPUT VALUE ...] [--fleet FLEET] [--note TEXT] [--detach] [--keep]',
  about:
    'Starts a drill and watches it. The runbook is checked first; nothing is started while anything is wrong with ' +
    'it. Without TEMPORAL_ADDRESS (or a profile of temporal.toml) it brings up the Temporal dev server, the ' +
    'workers and, for the fleets `lab` and `rig`, the lab of that tier.\nCtrl-C aborts the run and puts everything back; a second one ' +
    'leaves the run to itself.',
  arguments: { min: 1, max: 1 },
  flags,
  takesInputs: true,
  async run(call) {
    const plan = requirePlan(await compileRunbook(call), call.out);
    announce(plan, call);
    if (call.on('keep')) writeFileSync(prepare(keepFile()), '');
    const session = await openSession({
      processes: { tier: plan.fleet.tier },
      say: (text) => call.out.say(`  ${text}`),
    });
    const found = await begin(session, plan, call);
    if (!call.on('detach')) return await follow(session, found, call.out);
    await session.close();
    if (call.out.json) call.out.data({ run: found.run, runId: found.runId });
    else call.out.print(`Watch it: npx firedrill attach ${found.run}`);
    return exitCodes.passed;
  },
};

function announce(plan: Plan, call: Call): void {
  const inputs = Object.entries(plan.inputs).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  call.out.say(`Drill ${plan.runbook.name} on ${plan.fleet.name}  ${inputs.join(' ')}`.trimEnd());
  if (plan.runbook.description !== undefined) call.out.say(plan.runbook.description);
}

async function begin(session: Session, plan: Plan, call: Call): Promise<FoundRun> {
  const searchAttributes = await haveSearchAttributes(session, call.out.say);
  const options: DrillOptions = { requestedBy: person(), scheduled: false, searchAttributes, ...note(call) };
  const run = newRunId(plan.runbook.name);
  const handle = await session.client.workflow.start(drillWorkflow, {
    workflowId: run,
    ...drillStart(plan, options),
  });
  const runId = handle.firstExecutionRunId;
  const link = session.link(run, runId);
  call.out.say(`Run      ${run}`);
  call.out.say(
    link === undefined
      ? `Server   ${session.address}, namespace ${session.namespace}; set TEMPORAL_UI_URL to have the link here`
      : `Web UI   ${link}`,
  );
  if (!session.embedded) await warnUnpolled(session, call);
  return { run, runId, type: drillWorkflow, open: true, tier: plan.fleet.tier };
}

async function warnUnpolled(session: Session, call: Call): Promise<void> {
  for (const queue of ['control', 'traffic'] as const)
    if ((await pollers(session, queue)) === 0)
      call.out.warn(
        renderProblem(problem('FD7016', `no worker polls the ${queue} queue`, { where: session.address })),
      );
}

import type { ScheduleDescription } from '@temporalio/client';
import { milliseconds } from '../../dsl/milliseconds.ts';
import type { Json, Plan } from '../../dsl/plan.ts';
import { note, noteFlag } from '../answer.ts';
import { type Call, type Command, type Flag, jsonFlag } from '../command.ts';
import { compileRunbook, recompile, requirePlan, runbookFlags } from '../compile.ts';
import { didYouMean } from '../did-you-mean.ts';
import { person } from '../person.ts';
import { exitCodes, type Problem, problem, renderProblem, Stop, usage } from '../problem.ts';
import { ensure } from '../processes/ensure.ts';
import { labOf, type Tier } from '../processes/labs.ts';
import {
  describeSchedule,
  listSchedules,
  scheduledPlan,
  setSchedule,
  type Times,
} from '../temporal/schedules.ts';
import { haveSearchAttributes } from '../temporal/search-attributes.ts';
import { openSession, type Session } from '../temporal/session.ts';

type Verb = (call: Call, name: string) => Promise<number>;
const verbs: Record<string, Verb> = { set, list, show, pause, resume, trigger, delete: remove };

const flags: Record<string, Flag> = {
  cron: { type: 'string', value: 'CRON', summary: 'when, five fields, e.g. "0 3 * * *"' },
  timezone: { type: 'string', value: 'ZONE', summary: 'IANA time zone, e.g. Asia/Seoul (UTC)' },
  'catch-up': { type: 'string', value: 'DURATION', summary: 'start a missed run at most so late (10m)' },
  ...runbookFlags,
  ...noteFlag,
  ...jsonFlag,
};

export const command: Command = {
  usage:
    'schedule set RUNBOOK --cron CRON [--timezone ZONE] [--INPUT VALUE ...] | list | show|pause|resume|trigger|delete NAME',
  about:
    'Runs a drill by the clock. `set` compiles the runbook now and hands the Plan to the server: later edits of the ' +
    'file take effect at the next `set`, and `show` says whether there were any. A run that is still open when the ' +
    'next is due makes that one be skipped.',
  arguments: { min: 1, max: 2 },
  flags,
  takesInputs: true,
  async run(call) {
    const [verb = '', name] = call.arguments;
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (act === undefined) {
      const remedy = didYouMean(verb, Object.keys(verbs)) ?? `Known: ${Object.keys(verbs).join(', ')}`;
      throw usage(problem('FD7001', `there is no command "schedule ${verb}"`, { remedy }));
    }
    const [stray] = verb === 'set' ? [] : Object.keys(call.inputs);
    if (stray !== undefined) throw usage(problem('FD7002', `schedule ${verb} has no flag --${stray}`));
    if (name === undefined && verb !== 'list')
      throw usage(problem('FD7004', `schedule ${verb} needs a name: ${command.usage}`));
    return await act(call, name ?? '');
  },
};

async function set(call: Call, name: string): Promise<number> {
  const times = timesOf(call);
  const plan = requirePlan(await compileRunbook(call, { scheduled: true, named: name }), call.out);
  const session = await opened(call, plan.fleet.tier);
  const searchAttributes = await haveSearchAttributes(session, call.out.say);
  const options = { requestedBy: person(), scheduled: true, searchAttributes, ...note(call) };
  const done = await setSchedule(session, plan.runbook.name, plan, options, times);
  if (!call.out.json) call.out.print(`${done}:`);
  return await shown(session, plan.runbook.name, call);
}

function timesOf(call: Call): Times {
  const cron = call.text('cron');
  const timezone = call.text('timezone') ?? 'UTC';
  const problems: Problem[] = [];
  if (cron === undefined) problems.push(problem('FD7024', 'a schedule needs --cron'));
  else if (cron.trim().split(/\s+/).length !== 5)
    problems.push(problem('FD7024', `"${cron}" has not five fields (minute hour day month weekday)`));
  if (!isTimezone(timezone)) problems.push(problem('FD7024', `there is no time zone "${timezone}"`));
  const catchUp = call.text('catch-up') ?? '10m';
  let catchupMs = 0;
  try {
    catchupMs = milliseconds(catchUp);
  } catch {
    problems.push(problem('FD7003', `--catch-up must be a duration such as 10m, found "${catchUp}"`));
  }
  if (problems.length > 0) throw usage(...problems);
  return { cron: cron!, timezone, catchupMs };
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

async function list(call: Call): Promise<number> {
  const session = await opened(call);
  const found = await listSchedules(session);
  await bringUpLabs(session, found, call);
  await session.close();
  if (call.out.json) call.out.data(found.map(asData));
  else if (found.length === 0) call.out.print('no schedules');
  else
    for (const one of found) {
      const next = one.state.paused ? 'paused' : (one.info.nextActionTimes[0]?.toISOString() ?? 'never');
      call.out.print(`${one.scheduleId.padEnd(24)} next ${next}  ${one.state.note ?? ''}`.trimEnd());
    }
  return exitCodes.passed;
}

async function show(call: Call, name: string): Promise<number> {
  return await shown(await opened(call), name, call);
}

async function shown(session: Session, name: string, call: Call): Promise<number> {
  const description = await describeSchedule(session, name);
  await bringUpLabs(session, [description], call);
  await session.close();
  const plan = scheduledPlan(description);
  const moved = await movedOn(plan);
  if (call.out.json) {
    call.out.data({ ...asData(description), moved });
    return exitCodes.passed;
  }
  const { info, state } = description;
  const zone = description.spec.timezone;
  call.out.print(`${name}: ${plan.runbook.description ?? plan.runbook.name} on ${plan.fleet.name}`);
  call.out.print(`  inputs    ${JSON.stringify(plan.inputs)}`);
  call.out.print(`  state     ${state.paused ? 'paused' : 'on'}${state.note ? `: ${state.note}` : ''}`);
  for (const at of info.nextActionTimes.slice(0, 5)) call.out.print(`  next      ${localTime(at, zone)}`);
  for (const { action, takenAt } of info.recentActions.slice(-5))
    call.out.print(`  ran       ${localTime(takenAt, zone)}  ${action.workflow.workflowId}`);
  call.out.print(
    `  runbook   ${moved === undefined ? 'as it is now' : `${moved}: set it again to run that`}`,
  );
  return exitCodes.passed;
}

/** In words when what the file would compile to now is not what the schedule starts. */
async function movedOn(plan: Plan): Promise<string | undefined> {
  const inputs = Object.fromEntries(
    Object.entries(plan.inputs).map(([name, value]) => [name, textOf(value)]),
  );
  const now = await recompile(plan.runbook.file, plan.fleet.file, inputs);
  if (now === 'gone') return `${plan.runbook.file} is not here`;
  if (now.plan === undefined) return 'the runbook has mistakes now';
  return now.plan.hash === plan.hash
    ? undefined
    : 'the runbook, its fleet file or its manifests have changed since';
}

function textOf(value: Json): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function localTime(at: Date, timeZone = 'UTC'): string {
  return `${at.toLocaleString('sv-SE', { timeZone })} ${timeZone}`;
}

async function pause(call: Call, name: string): Promise<number> {
  return await change(call, name, 'paused', (handle) =>
    handle.pause(call.text('note') ?? `paused by ${person()}`),
  );
}

async function resume(call: Call, name: string): Promise<number> {
  return await change(call, name, 'on again', (handle) =>
    handle.unpause(call.text('note') ?? `resumed by ${person()}`),
  );
}

async function trigger(call: Call, name: string): Promise<number> {
  return await change(call, name, 'triggered: npx firedrill attach shows it', (handle) => handle.trigger());
}

async function remove(call: Call, name: string): Promise<number> {
  return await change(call, name, 'deleted', (handle) => handle.delete());
}

type Handle = ReturnType<Session['client']['schedule']['getHandle']>;

async function change(
  call: Call,
  name: string,
  done: string,
  act: (handle: Handle) => Promise<unknown>,
): Promise<number> {
  const session = await opened(call);
  await bringUpLabs(session, [await describeSchedule(session, name)], call);
  await act(session.client.schedule.getHandle(name));
  await session.close();
  if (call.out.json) call.out.data({ schedule: name, done });
  else call.out.print(`${name}: ${done}`);
  return exitCodes.passed;
}

/** Workers too: what a schedule starts must be worked. */
function opened(call: Call, tier: Tier = 'fleet'): Promise<Session> {
  return openSession({ processes: { tier }, say: call.out.say });
}

/** Labs too, of those that drill one: a machine that was off has none. It is no reason not to answer. */
async function bringUpLabs(session: Session, schedules: ScheduleDescription[], call: Call): Promise<void> {
  if (!session.embedded) return;
  for (const tier of new Set(schedules.map((one) => scheduledPlan(one).fleet.tier)))
    try {
      const lab = labOf(tier);
      if (lab !== undefined) await ensure(lab, call.out.say);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      for (const found of error.problems) call.out.warn(renderProblem(found));
    }
}

function asData(description: ScheduleDescription) {
  const { scheduleId, state, info, spec, policies } = description;
  const plan = scheduledPlan(description);
  return {
    schedule: scheduleId,
    runbook: plan.runbook.name,
    fleet: plan.fleet.name,
    inputs: plan.inputs,
    planHash: plan.hash,
    paused: state.paused,
    note: state.note ?? null,
    timezone: spec.timezone ?? 'UTC',
    overlap: policies.overlap,
    catchupWindowMs: policies.catchupWindow,
    next: info.nextActionTimes,
    recent: info.recentActions.map(({ takenAt, action }) => ({ takenAt, run: action.workflow.workflowId })),
  };
}

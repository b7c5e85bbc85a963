/** Temporal Schedules that start drills: the compiled Plan is the action's argument. */
import { type ScheduleDescription, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Plan } from '../../dsl/plan.ts';
import type { DrillOptions } from '../../workflows/protocol.ts';
import { problem, usage } from '../problem.ts';
import { drillStart, drillWorkflow } from './drill.ts';
import type { Session } from './session.ts';

export interface Times {
  cron: string;
  timezone: string;
  /** A run that was missed (no server) is still started when at most this late, ms. */
  catchupMs: number;
}

/** Creates it, or changes it in place: its history, pause and note stay. */
export async function setSchedule(
  session: Session,
  id: string,
  plan: Plan,
  options: DrillOptions,
  times: Times,
): Promise<'created' | 'updated'> {
  const action = {
    type: 'startWorkflow' as const,
    workflowType: drillWorkflow,
    // The server appends the time, so that each run has an id of its own.
    workflowId: plan.runbook.name,
    ...drillStart(plan, options),
  };
  const spec = { cronExpressions: [times.cron], timezone: times.timezone };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: times.catchupMs };
  const known = await describeIfThere(session, id);
  try {
    if (known === undefined) {
      const state = options.note === undefined ? {} : { note: options.note };
      await session.client.schedule.create({ scheduleId: id, spec, action, policies, state });
      return 'created';
    }
    await session.client.schedule.getHandle(id).update((before) => ({
      spec,
      action,
      policies,
      state: { paused: before.state.paused, note: options.note ?? before.state.note ?? '' },
    }));
    return 'updated';
  } catch (error) {
    throw usage(problem('FD7024', (error as Error).message, { where: `${times.cron} ${times.timezone}` }));
  }
}

export async function describeSchedule(session: Session, id: string): Promise<ScheduleDescription> {
  const found = await describeIfThere(session, id);
  if (found === undefined) throw usage(problem('FD7020', `there is no schedule ${id}`));
  return found;
}

async function describeIfThere(session: Session, id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await session.client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

/** Those of ours: they start drills. */
export async function listSchedules(session: Session): Promise<ScheduleDescription[]> {
  const ids: string[] = [];
  for await (const summary of session.client.schedule.list())
    if (summary.action?.workflowType === drillWorkflow) ids.push(summary.scheduleId);
  return await Promise.all(ids.sort().map((id) => describeSchedule(session, id)));
}

/** The Plan that the schedule starts. */
export function scheduledPlan(description: ScheduleDescription): Plan {
  return (description.action.args as [Plan] | undefined)![0];
}

/** Runs as the server knows them. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { DRILL_WORKFLOW, RESTORE_WORKFLOW } from '../../workflows/protocol.ts';
import { problem, usage } from '../problem.ts';
import type { Tier } from '../processes/labs.ts';
import type { RunMemo } from './drill.ts';
import type { Session } from './session.ts';

export interface Run {
  run: string;
  runId: string;
  type: string;
  /** running, completed, failed, terminated … */
  status: string;
  startedAt: string;
  endedAt?: string;
  runbook?: string;
  verdict?: string;
  fleet?: string;
  phase?: string;
}

const ours = `WorkflowType IN ("${DRILL_WORKFLOW}", "${RESTORE_WORKFLOW}")`;
const open = 'ExecutionStatus = "Running"';

/** Newest first. */
export async function listRuns(session: Session, filter: { open?: boolean; limit: number }): Promise<Run[]> {
  const query = filter.open === true ? `${ours} AND ${open}` : ours;
  const runs: Run[] = [];
  for await (const info of session.client.workflow.list({ query, pageSize: filter.limit })) {
    runs.push(runOf(info));
    if (runs.length === filter.limit) break;
  }
  return runs;
}

function runOf(info: WorkflowExecutionInfo): Run {
  const attribute = (name: string) => {
    const value = info.searchAttributes[`Firedrill${name}`]?.[0];
    return value === undefined ? {} : { [name.toLowerCase()]: String(value) };
  };
  return {
    run: info.workflowId,
    runId: info.runId,
    type: info.type,
    status: info.status.name.toLowerCase(),
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime === undefined ? {} : { endedAt: info.closeTime.toISOString() }),
    ...attribute('Runbook'),
    ...attribute('Verdict'),
    ...attribute('Fleet'),
    ...attribute('Phase'),
  };
}

export interface FoundRun {
  run: string;
  runId: string;
  type: string;
  open: boolean;
  /** Of its fleet. */
  tier: Tier;
}

/** The run named, else the one that is open, else (when `closedToo`) the last one. */
export async function findRun(
  session: Session,
  named: string | undefined,
  closedToo = false,
): Promise<FoundRun> {
  return await describeRun(session, named ?? (await onlyRun(session, closedToo)));
}

async function onlyRun(session: Session, closedToo: boolean): Promise<string> {
  const opened = await listRuns(session, { open: true, limit: 10 });
  if (opened.length > 1)
    throw usage(
      problem('FD7004', 'several runs are open: say which', {
        remedy: `Open: ${opened.map((run) => run.run).join(', ')}`,
      }),
    );
  const found = opened[0] ?? (closedToo ? (await listRuns(session, { limit: 1 }))[0] : undefined);
  if (found !== undefined) return found.run;
  throw usage(problem('FD7017', closedToo ? 'nothing was ever run here' : 'no run is open'));
}

async function describeRun(session: Session, run: string): Promise<FoundRun> {
  try {
    const { runId, type, status, memo } = await session.client.workflow.getHandle(run).describe();
    const { tier = 'fleet' } = (memo ?? {}) as Partial<RunMemo>;
    return { run, runId, type, open: status.name === 'RUNNING', tier };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw usage(problem('FD7017', `the server at ${session.address} knows no run ${run}`));
    throw error;
  }
}

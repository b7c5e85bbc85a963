/** What a server still has to do for us. */
import type { Connection } from '@temporalio/client';

export async function countOpenRuns(connection: Connection, namespace = 'default'): Promise<number> {
  const query = 'ExecutionStatus = "Running"';
  const { count } = await connection.workflowService.countWorkflowExecutions({ namespace, query });
  return Number(count ?? 0);
}

export async function countSchedules(connection: Connection, namespace = 'default'): Promise<number> {
  const { schedules } = await connection.workflowService.listSchedules({ namespace, maximumPageSize: 100 });
  return schedules?.length ?? 0;
}

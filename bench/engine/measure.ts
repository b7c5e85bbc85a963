/** One run, measured from outside and from its history. */
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { CONTROL_QUEUE } from '../../workflows/protocol.ts';

export interface Measured {
  /** First step scheduled → last step completed. */
  stepsMs: number;
  /** Start asked for → result. */
  wholeMs: number;
  /** Of the worker's process, over the whole run. */
  cpuMs: number;
  bytes: number;
  events: number;
}

export async function measure(client: Client, type: string, args: unknown[]): Promise<Measured> {
  const workflowId = `${type}-${Date.now()}`;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const handle = await client.workflow.start(type, { workflowId, taskQueue: CONTROL_QUEUE, args });
  await handle.result();
  const wholeMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const { historySize = 0, historyLength } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const steps = (events ?? []).filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'toy/nothing.look',
  );
  const ids = new Set(steps.map((event) => String(event.eventId)));
  const ends = (events ?? []).filter((event) =>
    ids.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)),
  );
  return {
    stepsMs: tsToMs(ends.at(-1)?.eventTime) - tsToMs(steps[0]?.eventTime),
    wholeMs,
    cpuMs: (user + system) / 1000,
    bytes: historySize,
    events: historyLength,
  };
}

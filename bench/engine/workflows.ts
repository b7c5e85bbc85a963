/** What the benchmark's worker runs: the engine, and what somebody would write without it. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Plan } from '../../dsl/plan.ts';
import type { VerbCall } from '../../workflows/protocol.ts';

export { drill } from '../../workflows/drill.ts';

const { 'toy/nothing.look': nothing } = proxyActivities<{
  'toy/nothing.look': (call: VerbCall) => Promise<unknown>;
}>({
  // What a careful author sets, and the engine does: a bound with and without a worker, a sign of life, a name to
  // read in the Web UI. Each costs the server a timer or bytes; without these by hand is 10 to 15 % faster.
  startToCloseTimeout: '35s',
  scheduleToCloseTimeout: '35s',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
  summary: 'toy/nothing',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** The same activity with the same argument, one after the other; the Plan is there because activities ask for it. */
export async function byHand(_plan: Plan, steps: number): Promise<void> {
  for (let step = 1; step <= steps; step += 1)
    await nothing({
      step: `steps.${step}.nothing`,
      title: 'toy/nothing',
      input: {},
      deadlineMs: Date.now() + 20_000,
      attempts: 3,
      fault: false,
    });
}

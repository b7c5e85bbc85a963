/**
 * A worker: wires adapters into activities and polls.
 *
 *     node worker.ts                    both queues, until it is told to stop
 *     node worker.ts --queue traffic    one of `control` and `traffic`
 *     node worker.ts --once             works the runs that are open and ends when none is left
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stepActivities } from './activities/activity.ts';
import { engineActivities } from './activities/engine/engine.ts';
import { registry } from './activities/registry.ts';
import { openPorts } from './adapters/open.ts';
import { secretsSeen } from './adapters/references.ts';
import { createRuns } from './adapters/temporal/runs.ts';
import { connect, createWorkers, openRuns, type Server } from './adapters/temporal/worker.ts';
import type { Queue } from './dsl/plan.ts';

const queues: readonly Queue[] = ['control', 'traffic'];

const { values } = parseArgs({
  options: { queue: { type: 'string' }, once: { type: 'boolean', default: false } },
});
const chosen = queues.filter((queue) => values.queue === undefined || values.queue === queue);
if (chosen.length === 0) {
  console.error(`--queue ${values.queue}: expected one of ${queues.join(', ')}`);
  process.exit(64);
}

const server = await connect();
const wiring = {
  kinds: registry,
  openPorts,
  runs: createRuns(server.client),
  secrets: secretsSeen,
  evidence: process.env['FIREDRILL_RUNS'] ?? 'runs',
};
const workers = await createWorkers(server, chosen, {
  ...stepActivities(wiring),
  ...engineActivities(wiring),
});

let stopping = false;
function stop(): void {
  if (stopping) process.exit(130);
  stopping = true;
  for (const worker of workers) worker.shutdown();
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

console.log(`polling ${chosen.join(' and ')} on ${server.namespace}`);
if (values.once) void untilIdle(server).then(() => stopping || stop());
await Promise.all(workers.map((worker) => worker.run()));
await server.close();

/** Counts lag behind by a moment, so one empty look is not enough. */
async function untilIdle(on: Server): Promise<void> {
  for (let empty = 0; empty < 3; ) {
    await sleep(1_000);
    empty = (await openRuns(on)) === 0 ? empty + 1 : 0;
  }
}

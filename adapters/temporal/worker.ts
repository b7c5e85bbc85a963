/** Workers on the Temporal server, for the queues of ours. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/activity.ts';
import type { Queue } from '../../dsl/plan.ts';
import { CONTROL_QUEUE, TRAFFIC_QUEUE } from '../../workflows/protocol.ts';
import { workflowBundle } from './bundle.ts';

const names: Record<Queue, string> = { control: CONTROL_QUEUE, traffic: TRAFFIC_QUEUE };
/**
 * A run is kept in the memory of one worker; when that worker is dead, another one gets it after this. The default of
 * 10 s would be 10 s in which a drill decides nothing.
 */
const STICKY = '1s';
/** Running activities get this long to end by themselves when the worker is told to stop. */
const GRACE = '5s';

export interface Server {
  client: Client;
  connection: NativeConnection;
  namespace: string;
  close(): Promise<void>;
}

/** By TEMPORAL_ADDRESS and its kin, or a profile of the standard temporal.toml. */
export async function connect(): Promise<Server> {
  // Ctrl-C in a terminal must not shut a run's worker down behind our back: we handle our own signals.
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const [connection, plain] = await Promise.all([
    NativeConnection.connect(connectionOptions),
    Connection.connect(connectionOptions),
  ]);
  return {
    client: new Client({ connection: plain, namespace }),
    connection,
    namespace,
    async close() {
      await plain.close();
      await connection.close();
    },
  };
}

export async function createWorkers(
  server: Server,
  queues: readonly Queue[],
  activities: Activities,
): Promise<Worker[]> {
  const { connection, namespace } = server;
  const bundle = queues.includes('control') ? await workflowBundle() : undefined;
  return Promise.all(
    queues.map((queue) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: names[queue],
        activities,
        // A watcher reads progress from heartbeats; the default would hold them back for most of a minute.
        maxHeartbeatThrottleInterval: '1s',
        defaultHeartbeatThrottleInterval: '1s',
        stickyQueueScheduleToStartTimeout: STICKY,
        shutdownGraceTime: GRACE,
        ...(queue === 'control' && bundle !== undefined && { workflowBundle: bundle }),
      }),
    ),
  );
}

/** Drills that are open on our control queue. */
export async function openRuns(server: Server): Promise<number> {
  const { count } = await server.client.workflow.count(
    `ExecutionStatus = "Running" AND TaskQueue = "${CONTROL_QUEUE}"`,
  );
  return count;
}

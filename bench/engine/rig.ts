/** The embedded server with its flags, and one worker that knows both workflows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { stepActivities } from '../../activities/activity.ts';
import { engineActivities } from '../../activities/engine/engine.ts';
import type { Ports } from '../../activities/ports/ports.ts';
import { createRuns } from '../../adapters/temporal/runs.ts';
import { temporal } from '../../cli/processes/definitions.ts';
import { embeddedAt, ensure } from '../../cli/processes/ensure.ts';
import { stop } from '../../cli/processes/launch.ts';
import { toyKinds } from '../../test/toy/kinds.ts';
import { CONTROL_QUEUE } from '../../workflows/protocol.ts';

export interface Rig {
  client: Client;
  close(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-bench-'));
  process.env['FIREDRILL_HOME'] = folder;
  const record = await ensure(temporal, () => undefined);
  const { address } = embeddedAt(record);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  await untilServed(client);
  const native = await NativeConnection.connect({ address });
  const wiring = {
    kinds: toyKinds,
    // A step that does nothing asks nobody.
    openPorts: () => ({}) as Ports,
    runs: createRuns(client),
    secrets: () => [],
    evidence: join(folder, 'runs'),
  };
  const worker = await Worker.create({
    connection: native,
    taskQueue: CONTROL_QUEUE,
    activities: { ...stepActivities(wiring), ...engineActivities(wiring) },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('workflows.ts', import.meta.url)),
      logger,
    }),
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
  const working = worker.run();
  return {
    client,
    async close() {
      worker.shutdown();
      await working;
      await native.close();
      await connection.close();
      await stop(record);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The port opens a moment before the namespace is there. */
async function untilServed(client: Client): Promise<void> {
  for (let asked = 0; ; asked += 1)
    try {
      await client.workflowService.describeNamespace({ namespace: 'default' });
      return;
    } catch (error) {
      if (asked === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

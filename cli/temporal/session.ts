/** A client of the Temporal server in use, started first when it is ours and not up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { cannot, problem } from '../problem.ts';
import { type Embedded, ensureAll, ensureTemporal } from '../processes/ensure.ts';
import type { Tier } from '../processes/labs.ts';
import { countOpenRuns } from './counts.ts';
import { type Given, givenServer } from './target.ts';

export interface Session {
  client: Client;
  connection: Connection;
  address: string;
  namespace: string;
  embedded: boolean;
  /** Address of a run's page in the Web UI, when it is known where that is. */
  link(run: string, runId: string): string | undefined;
  close(): Promise<void>;
}

export interface Wanted {
  /** `server`: enough to ask. Else the workers too, and the lab of that tier, so that runs go on. */
  processes: 'server' | { tier: Tier };
  say(text: string): void;
}

/** How long a server that was just started, or is far away, may take to answer. */
const CONNECT_WITHIN_MS = 20_000;

export async function openSession(wanted: Wanted): Promise<Session> {
  const given = givenServer();
  return given === undefined ? await embeddedSession(wanted) : await givenSession(given);
}

async function givenSession(given: Given): Promise<Session> {
  const { address, namespace } = given;
  try {
    const connection = await Connection.connect({
      ...(given.config.connectionOptions as object),
      address,
      connectTimeout: CONNECT_WITHIN_MS,
    });
    await connection.workflowService.describeNamespace({ namespace });
    return session(connection, address, namespace, webUiOf(address), false);
  } catch (error) {
    throw cannot(
      problem(
        'FD7015',
        `the server does not answer for namespace ${namespace}: ${(error as Error).message}`,
        {
          where: address,
        },
      ),
    );
  }
}

async function embeddedSession(wanted: Wanted): Promise<Session> {
  const server =
    wanted.processes === 'server'
      ? await ensureTemporal(wanted.say)
      : await ensureAll({ tier: wanted.processes.tier, say: wanted.say, openRuns });
  const connection = await connectEmbedded(server);
  return session(connection, server.address, 'default', server.webUi, true);
}

async function openRuns(server: Embedded): Promise<number> {
  const connection = await connectEmbedded(server);
  try {
    return await countOpenRuns(connection);
  } finally {
    await connection.close();
  }
}

/** The port opens a moment before the namespace is there. */
async function connectEmbedded(server: Embedded): Promise<Connection> {
  const connection = await Connection.connect({ address: server.address, connectTimeout: CONNECT_WITHIN_MS });
  const untilMs = Date.now() + CONNECT_WITHIN_MS;
  for (;;) {
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return connection;
    } catch (error) {
      if (Date.now() > untilMs) throw error;
    }
    await sleep(100);
  }
}

/** Temporal Cloud's page is known; elsewhere an operator may say where the Web UI is. */
function webUiOf(address: string): string | undefined {
  if (/\.tmprl\.cloud(:\d+)?$/.test(address)) return 'https://cloud.temporal.io';
  return process.env['TEMPORAL_UI_URL']?.replace(/\/$/, '');
}

function session(
  connection: Connection,
  address: string,
  namespace: string,
  webUi: string | undefined,
  embedded: boolean,
): Session {
  return {
    client: new Client({ connection, namespace }),
    connection,
    address,
    namespace,
    embedded,
    link: (run, runId) =>
      webUi && `${webUi}/namespaces/${namespace}/workflows/${encodeURIComponent(run)}/${runId}/history`,
    close: () => connection.close(),
  };
}

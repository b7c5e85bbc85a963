/**
 * The way to one API server of the rig: a TCP listener on an address of its own that pipes to the real one. Karmada
 * and the fleet's kubeconfig come through it; the member's own controllers do not, so that a cut door is a cut
 * network: what runs in the member goes on.
 */

import { type AddressInfo, createServer, type Server } from 'node:net';
import { listenOn } from '../../kubernetes/listen.ts';
import { type DarkPort, openDarkPort } from './dark-port.ts';
import type { DoorState } from './door-state.ts';
import { openPassage, type Passage } from './passage.ts';

export interface Door {
  readonly port: number;
  /**
   * Resolves when it holds, for the connections that are there as well. What waited in a silent or cut door passes
   * when it opens again.
   */
  set(state: DoorState): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param to port of the real API server on 127.0.0.1; nothing need listen there yet.
 * @param port where it opens; 0 = a free one. Rejects when somebody else has it.
 */
export async function openDoor(to: number, port = 0): Promise<Door> {
  const passages = new Set<Passage>();
  let state: DoorState = { kind: 'open' };
  let dark: DarkPort | undefined;
  let turning = Promise.resolve();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    const passage = openPassage(client, to, state);
    passages.add(passage);
    client.once('close', () => passages.delete(passage));
  });
  await listenOn(server, port);
  const own = (server.address() as AddressInfo).port;

  /** Existing connections first: nothing may pass any more when the caller hears that the door is cut. */
  async function turn(next: DoorState): Promise<void> {
    state = next;
    for (const passage of passages) passage.set(next);
    if (dark !== undefined && next.kind !== 'cut') {
      await dark.close();
      dark = undefined;
    }
    if (next.kind === 'cut') dark ??= await openDarkPort(own, () => leave(server));
    else if (next.kind === 'shut') await leave(server);
    else if (!server.listening) await listenOn(server, own);
  }

  /** One after the other, whoever asks. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turning.then(work);
    turning = done.catch(() => undefined);
    return done;
  }

  return {
    port: own,
    set: (next) => inTurn(() => turn(next)),
    close: () => inTurn(() => turn({ kind: 'shut' })),
  };
}

/** Gives the port up; connections that were made stay. */
async function leave(server: Server): Promise<void> {
  // `close` calls back when the last connection has ended; the listener itself is gone one turn later.
  if (server.listening) server.close();
  await new Promise((resolve) => setImmediate(resolve));
}

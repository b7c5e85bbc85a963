/** One connection through a door: bytes both ways, held back, delayed or cut off as the door's state says. */
import { connect, type Socket } from 'node:net';
import type { DoorState } from './door-state.ts';

export interface Passage {
  set(state: DoorState): void;
}

/** Long enough for an API server to do what it was asked, short enough for the client to be told by the reset. */
const RESET_AFTER_MS = 300;

/**
 * @param client as accepted, paused.
 * @param to port of the server.
 */
export function openPassage(client: Socket, to: number, initial: DoorState): Passage {
  let state = initial;
  let server: Socket | undefined;
  /** The server has spoken: the handshake is over as far as the client needs it. */
  let greeted = false;
  /** The client has spoken since the server last did. */
  let asked = false;
  let resetting: NodeJS.Timeout | undefined;
  const answers: { chunk: Buffer; dueMs: number }[] = [];
  let pumping: NodeJS.Timeout | undefined;
  /** What the server's side came to, to be told to the client when all answers are through. */
  let outcome: 'ended' | 'closed' | 'broken' | undefined;

  const holds = () => state.kind === 'silent' || state.kind === 'cut';

  function breakOff(): void {
    clearTimeout(resetting);
    clearTimeout(pumping);
    client.resetAndDestroy();
    server?.resetAndDestroy();
  }

  function connectOnce(): Socket {
    const socket = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const comesTo = (what: typeof outcome) => () => {
      if (outcome !== 'broken') outcome = what;
      pump();
    };
    socket.on('data', answer);
    socket.once('end', comesTo('ended'));
    socket.once('error', comesTo('broken'));
    socket.once('close', comesTo('closed'));
    socket.on('drain', flow);
    return socket;
  }

  function ask(chunk: Buffer): void {
    asked = true;
    server?.write(chunk);
    resetIfAsked();
    flow();
  }

  function answer(chunk: Buffer): void {
    if (resetting !== undefined) return;
    greeted = true;
    asked = false;
    const dueMs = Date.now() + (state.kind === 'slow' ? state.delayMs : 0);
    // What came first goes first, also when the delay has changed in between.
    answers.push({ chunk, dueMs: Math.max(answers.at(-1)?.dueMs ?? 0, dueMs) });
    pump();
  }

  /** Passes the answers that are due on to the client, and what became of the server after the last. */
  function pump(): void {
    clearTimeout(pumping);
    if (holds()) return;
    while (answers[0] !== undefined && answers[0].dueMs <= Date.now())
      client.write((answers.shift() as (typeof answers)[number]).chunk);
    if (answers[0] !== undefined) pumping = setTimeout(pump, answers[0].dueMs - Date.now());
    else if (outcome === 'broken') breakOff();
    else if (outcome === 'closed') client.destroySoon();
    else if (outcome === 'ended') client.end();
    flow();
  }

  function resetIfAsked(): void {
    if (state.kind === 'reset' && greeted && asked) resetting ??= setTimeout(breakOff, RESET_AFTER_MS);
  }

  /** Reads from either side while the other keeps up and the door lets it. */
  function flow(): void {
    if (holds()) {
      client.pause();
      server?.pause();
      return;
    }
    server ??= connectOnce();
    if (server.writableNeedDrain) client.pause();
    else client.resume();
    if (client.writableNeedDrain) server.pause();
    else server.resume();
  }

  function set(next: DoorState): void {
    state = next;
    if (next.kind === 'shut') {
      breakOff();
      return;
    }
    if (next.kind !== 'reset') {
      clearTimeout(resetting);
      resetting = undefined;
    }
    resetIfAsked();
    flow();
    pump();
  }

  client.pause();
  client.on('data', ask);
  client.on('drain', flow);
  client.once('end', () => server?.end());
  client.once('error', breakOff);
  client.once('close', () => {
    clearTimeout(resetting);
    clearTimeout(pumping);
    server?.destroySoon();
  });
  flow();
  return { set };
}

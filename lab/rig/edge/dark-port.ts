/**
 * A port on which connecting hangs, as it does when packets get lost: no connection and no refusal. The kernel
 * drops a SYN when the queue of a listener that accepts nothing is full. Node always accepts, so the listener
 * lives in a thread that sleeps.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** The kernel's queue holds one connection more. */
const BACKLOG = 1;
/** Connecting on loopback takes well below a millisecond. */
const HANGS_AFTER_MS = 100;

interface Asleep {
  port: number;
  /** Woken by a 1. */
  wake: Int32Array;
}

export interface DarkPort {
  port: number;
  /** Frees the port; who still tries is refused from then on. */
  close(): Promise<void>;
}

/** @param whenReady called as soon as the port may be taken: what listens there has to go now. */
export async function openDarkPort(port: number, whenReady: () => Promise<void>): Promise<DarkPort> {
  const wake = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { port, wake } satisfies Asleep });
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await told(worker);
  await whenReady();
  worker.postMessage('listen');
  const bound = (await told(worker)) as number;
  const fillers = await fill(bound);
  return {
    port: bound,
    async close() {
      Atomics.store(wake, 0, 1);
      Atomics.notify(wake, 0);
      await gone;
      for (const filler of fillers) filler.destroy();
    },
  };
}

function told(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(error);
    worker.once('error', failed);
    worker.once('message', (message) => {
      worker.off('error', failed);
      resolve(message);
    });
  });
}

/** Connects until one attempt hangs: the queue is full. */
async function fill(port: number): Promise<Socket[]> {
  const fillers: Socket[] = [];
  for (let connected = true; connected; ) {
    const socket = connect({ port, host: '127.0.0.1' });
    // When the port is given up again.
    socket.on('error', () => socket.destroy());
    fillers.push(socket);
    connected = await new Promise<boolean>((resolve) => {
      const hangs = setTimeout(() => resolve(false), HANGS_AFTER_MS);
      socket.once('connect', () => {
        clearTimeout(hangs);
        resolve(true);
      });
    });
  }
  return fillers;
}

function sleepOn({ port, wake }: Asleep): void {
  const server = createServer();
  parentPort?.once('message', () => {
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, () => {
      parentPort?.postMessage((server.address() as AddressInfo).port);
      // One turn later, when the message is on its way.
      setImmediate(() => {
        Atomics.wait(wake, 0, 0);
        process.exit();
      });
    });
  });
  parentPort?.postMessage('ready');
}

if (!isMainThread && (workerData as Asleep | undefined)?.wake) sleepOn(workerData as Asleep);

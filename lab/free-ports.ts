/** Ports of 127.0.0.1. */
import { connect, createServer } from 'node:net';

/** One that nobody listens on, and not among `taken`; adds nothing to it. */
export async function freePort(taken: Set<number>): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    if (port !== undefined && !taken.has(port)) return port;
  }
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

/** Whether something accepts connections there. */
export function answers(port: number, withinMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(withinMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

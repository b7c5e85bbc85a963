/** Opening and closing a server on the loopback address. */
import type { Server } from 'node:http';

function tryListen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** On the port that was kept, or on a free one when somebody else has it by now. */
export async function listen(server: Server, port: number): Promise<void> {
  try {
    await tryListen(server, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await tryListen(server, 0);
  }
}

export function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}

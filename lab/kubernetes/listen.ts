/** Opening and closing a server on the loopback address. */
import type { Server } from 'node:http';
import type { Server as TcpServer } from 'node:net';

/** Rejects when somebody else has the port. */
export function listenOn(server: TcpServer, port: number): Promise<void> {
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
    await listenOn(server, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await listenOn(server, 0);
  }
}

export function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}

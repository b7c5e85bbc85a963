/**
 * Where clients ask. Each connection is mapped to a point of presence in turn, as anycast spreads clients over
 * the world; the header `x-lab-pop: NAME` chooses one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createForwarder, ownHeaders } from './forward.ts';
import { azureReference, unavailable, unknownHost } from './pages.ts';
import type { Pop } from './pop.ts';

export interface DataPlane {
  server: Server;
  close(): Promise<void>;
}

export function createDataPlane(pops: Pop[]): DataPlane {
  const forwarder = createForwarder();
  const popOf = new WeakMap<Socket, Pop>();
  let connections = 0;

  const server = createServer((request, response) => {
    const named = pops.find((pop) => pop.name === request.headers['x-lab-pop']);
    const pop = named ?? popOf.get(request.socket) ?? pops[0];
    if (pop) serve(pop, request, response);
  });
  server.on('connection', (socket) => {
    const pop = pops[connections++ % pops.length];
    if (pop) popOf.set(socket, pop);
    socket.setNoDelay(true);
  });
  server.keepAliveTimeout = 90_000;

  function serve(pop: Pop, request: IncomingMessage, response: ServerResponse): void {
    const reference = azureReference(Date.now());
    const url = request.url ?? '/';
    const chosen = pop.choose(hostOf(request), url.split('?', 1)[0] ?? '/');
    const hop = { request, response, pop: pop.name, reference };
    if (!chosen) page(response, 404, unknownHost(reference), ownHeaders(hop));
    else if (!chosen.origin) page(response, 503, unavailable(reference), ownHeaders(hop));
    else void forwarder.forward({ ...hop, delivery: chosen.delivery, origin: chosen.origin });
  }

  return {
    server,
    async close() {
      server.closeAllConnections();
      await Promise.all([
        forwarder.close(),
        server.listening ? new Promise((resolve) => server.close(resolve)) : undefined,
      ]);
    },
  };
}

const hostOf = (request: IncomingMessage): string =>
  (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();

function page(response: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

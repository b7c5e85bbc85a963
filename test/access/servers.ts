/** API servers on 127.0.0.1 that answer, and such that do not: over real sockets and real TLS. */
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer as createRaw, type Server, type Socket } from 'node:net';
import type { Pair } from './certificates.ts';

export interface Listening {
  port: number;
  url: string;
  close(): void;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Says who asks, and takes the one token that it knows. */
export const apiServer: Answer = (request, response) => {
  const token = request.headers.authorization;
  const known = token === undefined || token === 'Bearer good';
  const body = request.url?.startsWith('/version')
    ? { gitVersion: 'v1.35.4' }
    : { status: { userInfo: { username: 'drill' } } };
  response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(known ? body : { kind: 'Status', message: 'Unauthorized', code: 401 }));
};

/** Takes the request and says nothing. */
export const mute: Answer = () => undefined;

/** Answers headers and the beginning of a body that never ends. */
export const endless: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"gitVersion":');
};

export const loginPage: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html>Sign in</html>');
};

export const serveTls = (pair: Pair, answer: Answer): Promise<Listening> =>
  listen(createSecure({ ...pair, requestCert: true, rejectUnauthorized: false }, answer), 'https');

export const servePlain = (answer: Answer): Promise<Listening> => listen(createPlain(answer), 'http');

/** Accepts connections and never says a word. */
export const serveSilence = (): Promise<Listening> => listen(createRaw(), 'https');

/** An address on which nobody listens (any more). */
export async function nobody(): Promise<Listening> {
  const once = await serveSilence();
  once.close();
  return once;
}

function listen(server: Server, scheme: string): Promise<Listening> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        url: `${scheme}://127.0.0.1:${port}`,
        close() {
          server.close();
          for (const socket of open) socket.destroy();
        },
      });
    });
  });
}

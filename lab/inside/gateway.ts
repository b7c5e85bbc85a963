/**
 * A client's place inside a member: an HTTP proxy (RFC 9112, absolute-form: `GET http://10.96.1.2:80/`) that connects
 * by the member's own network. 502 where a connection would be refused or has no route, 504 where nobody answers.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from '../faults.ts';
import { listen, shut } from '../kubernetes/listen.ts';
import type { Network } from './network.ts';

export interface Gateway {
  port: number;
  close(): void;
}

/** How long a client's connection attempt to a dead node is given. */
const CONNECT_MS = 5_000;

export async function openGateway(network: Network, faults: Faults, wantedPort: number): Promise<Gateway> {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const target = URL.canParse(request.url ?? '') ? new URL(request.url as string) : undefined;
    if (target?.protocol !== 'http:')
      return say(response, 400, 'this is a proxy: ask for http://ADDRESS:PORT/PATH');
    const routed = network.connect(target.hostname, Number(target.port || 80));
    if ('failed' in routed) return say(response, 502, `${target.host}: ${refusals[routed.failed]}`);
    const { member, node, answer } = routed.to;
    if (faults.matching('node-down', `${member}/${node}`)) {
      await new Promise((resolve) => setTimeout(resolve, CONNECT_MS));
      return say(response, 504, `${target.host}: connection timed out`);
    }
    const { status, headers, body } = answer(target.pathname + target.search);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  }

  const server = createServer((request, response) => void serve(request, response));
  await listen(server, wantedPort);
  return { port: (server.address() as AddressInfo).port, close: () => shut(server) };
}

const refusals = { unknown: 'no route to host', refused: 'connection refused' };

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
}

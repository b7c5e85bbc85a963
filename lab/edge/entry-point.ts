/** One member's way in: a real listener that does what an ingress controller and its pods would do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from '../faults.ts';
import type { ObjectReader } from '../store.ts';
import { createEntryLog, type LoggedSecond } from './entry-log.ts';
import type { PodAnswer } from './nginx.ts';
import { createRouting, type Rule, type Upstream } from './routing.ts';

export interface EntryPoint {
  port: number;
  log(): LoggedSecond[];
  close(): Promise<void>;
}

/** Source: Azure Front Door, "Health probes": sent with every probe, never by users. */
const PROBE_HEADER = 'x-fd-healthprobe';
/** ingress-nginx: proxy-connect-timeout 5 s, proxy-next-upstream-tries 3. */
const CONNECT_MS = 5_000;
const TRIES = 3;
const SLOW_MS = 2_000;

export async function openEntryPoint(
  member: string,
  store: ObjectReader,
  faults: Faults,
  wantedPort: number,
): Promise<EntryPoint> {
  const routing = createRouting(store);
  const log = createEntryLog();
  const server = createServer((request, response) => void serve(request, response));
  // Longer than the load balancer keeps its connections, so that none is closed under a request.
  server.keepAliveTimeout = 90_000;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    log.add(Date.now(), request.headers[PROBE_HEADER] === undefined ? 'users' : 'probes');
    request.resume();
    // A load balancer of the cloud that has no node behind it drops what comes.
    if (faults.matching('origin-blackhole', member) || routing.deserted()) return;
    if (faults.matching('origin-reset', member)) return void request.socket.resetAndDestroy();
    if (faults.matching('origin-no-identity', member)) return send(response, unavailable, {});
    const identity = { 'x-routed-cluster': member };
    if (faults.matching('origin-503', member)) return send(response, unavailable, identity);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const rule = routing.find(hostOf(request), path);
    if (!rule) return send(response, defaultBackend, identity);
    const answer = await ask(rule, request.url ?? '/');
    if (answer === 'reset') request.socket.resetAndDestroy();
    else send(response, answer, identity);
  }

  /** The next pod in turn; a pod on a dead node does not answer, and the next one is tried. */
  async function ask(rule: Rule, uri: string): Promise<PodAnswer | 'reset'> {
    for (let attempt = 0; attempt < Math.min(TRIES, rule.upstreams.length); attempt += 1) {
      const upstream = rule.upstreams[(rule.turn + attempt) % rule.upstreams.length] as Upstream;
      const dead = upstream.stranded || faults.matching('node-down', `${member}/${upstream.node}`);
      if (!dead) return askPod(upstream, uri);
      await delay(CONNECT_MS);
    }
    return rule.upstreams.length === 0 ? unavailable : gatewayTimeout;
  }

  /** A pod that ends while it still works on an answer cuts the connection. */
  async function askPod(upstream: Upstream, uri: string): Promise<PodAnswer | 'reset'> {
    const slow = faults.matching('origin-slow', member);
    if (!slow) return upstream.answer(uri);
    await delay(Number(slow.options.delayMs ?? SLOW_MS));
    return upstream.alive() ? upstream.answer(uri) : 'reset';
  }

  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.removeListener('error', reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  const port = await listen(wantedPort);
  const refuses = () => faults.matching('origin-refuse', member) !== undefined;
  let turning = Promise.resolve();
  /** Closes and opens the listener as the fault comes and goes, one after the other. */
  const follow = () => {
    turning = turning.then(async () => {
      if (refuses() && server.listening) await shut();
      else if (!refuses() && !server.listening) await listen(port);
    });
  };
  const stopFollowing = faults.onChange(({ kind }) => {
    if (kind === 'origin-refuse') follow();
  });
  follow();

  return {
    port,
    log: log.read,
    async close() {
      stopFollowing();
      routing.close();
      await turning;
      if (server.listening) await shut();
    },
  };
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const hostOf = (request: IncomingMessage) => (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();

const nginxPage = (status: number, title: string): PodAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
});
const unavailable = nginxPage(503, 'Service Temporarily Unavailable');
const gatewayTimeout = nginxPage(504, 'Gateway Time-out');
const defaultBackend: PodAnswer = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'default backend - 404',
};

function send(response: ServerResponse, answer: PodAnswer, identity: Record<string, string>): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    ...identity,
  });
  response.end(answer.body);
}

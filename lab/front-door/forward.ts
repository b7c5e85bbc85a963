/** One hop from a point of presence to an origin: kept-alive connections, streamed both ways. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent } from 'undici';
import type { Delivery, Origin } from './delivery.ts';
import { unavailable } from './pages.ts';

export interface Forwarder {
  forward(hop: Hop): Promise<void>;
  close(): Promise<void>;
}

export interface Hop {
  request: IncomingMessage;
  response: ServerResponse;
  delivery: Delivery;
  origin: Origin;
  pop: string;
  reference: string;
}

/** Headers that end at a hop (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

export function createForwarder(): Forwarder {
  // A connection is given up well before the entry points' own idle timeout, so that it is never used dying.
  const agent = new Agent({
    connections: 256,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect: { timeout: 5_000 },
  });
  return {
    forward: (hop) => forward(agent, hop),
    close: () => agent.destroy(),
  };
}

async function forward(agent: Agent, hop: Hop): Promise<void> {
  const { request, response, delivery, origin } = hop;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    await agent.stream(
      {
        origin: `http://${origin.host}:${origin.port}`,
        path: request.url ?? '/',
        method: request.method as 'GET',
        headers: originHeaders(hop),
        body: hasBody(request) ? request : null,
        headersTimeout: delivery.originTimeoutMs,
        bodyTimeout: delivery.originTimeoutMs,
        signal: gone.signal,
        opaque: undefined,
      },
      ({ statusCode, headers }) => {
        response.writeHead(statusCode, { ...passedOn(headers), ...ownHeaders(hop) });
        return response;
      },
    );
  } catch (error) {
    fail(hop, error);
  }
}

function originHeaders({ request, origin, delivery, reference }: Hop): Record<string, string | string[]> {
  const client = request.socket.remoteAddress ?? '';
  return {
    ...passedOn(request.headers),
    host: origin.hostHeader || request.headers.host || origin.host,
    via: '1.1 Azure',
    'x-azure-clientip': client,
    'x-azure-ref': reference,
    'x-azure-fdid': delivery.id,
    'x-forwarded-for': client,
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-proto': 'http',
  };
}

function passedOn(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !hopByHop.has(name)) kept[name] = value;
  return kept;
}

/** `x-lab-pop` is the lab's own, so that a test can tell which point of presence answered. */
export function ownHeaders({ reference, pop }: Pick<Hop, 'reference' | 'pop'>): Record<string, string> {
  return { 'x-azure-ref': reference, 'x-cache': 'CONFIG_NOCACHE', 'x-lab-pop': pop };
}

const hasBody = (request: IncomingMessage): boolean =>
  request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;

/** What the client gets when the origin gave nothing whole: a page of Front Door's, or a cut connection. */
function fail(hop: Hop, error: unknown): void {
  const { response } = hop;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = unavailable(hop.reference);
  response.writeHead(statusOf(error), {
    ...ownHeaders(hop),
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function statusOf(error: unknown): number {
  const code = (error as { code?: string }).code ?? '';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 504;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code.startsWith('HPE_') ? 502 : 503;
}

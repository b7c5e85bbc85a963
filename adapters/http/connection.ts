/** How connections to a target are made: where it is, what it is called, what it is asked for. */
import type { Client } from 'undici';
import type { Target } from '../../activities/ports/requester.ts';

export interface Address {
  origin: string;
  path: string;
  headers: Record<string, string>;
  options: Client.Options;
}

export function addressOf(target: Target, timeoutMs: number): Address {
  const url = new URL(target.url);
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    headers: { host: target.host, accept: '*/*', 'user-agent': 'firedrill', ...target.headers },
    options: {
      // One request at a time on a connection, as hey and curl do by default: HTTP/2 would put a whole load on a
      // single connection, and so before a single point of presence.
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      // An attempt to connect that outlives its request is cleaned up by this.
      connect: { timeout: timeoutMs, servername: target.host.replace(/:\d+$/, '') },
    },
  };
}

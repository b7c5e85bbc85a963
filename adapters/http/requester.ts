/** The `Requester` port over undici: a new connection for each request, closed after it. */
import { Client } from 'undici';
import type { Answer, Requester } from '../../activities/ports/requester.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { attribution } from './attribution.ts';
import { addressOf } from './connection.ts';
import { exchange } from './exchange.ts';

export function createRequester(fleet: Fleet): Requester {
  const { identify } = attribution(fleet);
  return {
    async request(target, { timeoutMs, signal }) {
      const { origin, path, headers, options } = addressOf(target, timeoutMs);
      const client = new Client(origin, options);
      const atMs = Date.now();
      const got = await exchange(client, { path, headers, timeoutMs, keepBody: true, fresh: true, signal });
      // Not awaited: a connection that hangs must not hold up the answer.
      void client.destroy();
      const answer: Answer = {
        atMs,
        tookMs: got.endedAt - got.sentAt,
        class: got.class,
        ...identify(got.headers, got.body),
        headers: got.headers,
        body: got.body,
      };
      if (got.status !== undefined) answer.status = got.status;
      if (got.error !== undefined) answer.error = got.error;
      return answer;
    },
  };
}

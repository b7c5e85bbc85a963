/** The `LoadClient` port over undici. */
import { Client, Pool } from 'undici';
import type { LoadClient, LoadSession, Shot } from '../../activities/ports/load.ts';
import type { Target } from '../../activities/ports/requester.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { type Attribution, attribution } from './attribution.ts';
import { addressOf } from './connection.ts';
import { type Exchange, exchange } from './exchange.ts';

/**
 * Kept connections take turns in at least so many lanes. A pool alone prefers its first free connection, and
 * so would send a light load over one connection, past one point of presence.
 */
const LANES = 8;

export function createLoadClient(fleet: Fleet): LoadClient {
  const detector = attribution(fleet);
  return {
    open: (target, { timeoutMs }) => openSession(target, timeoutMs, detector),
  };
}

function openSession(target: Target, timeoutMs: number, detector: Attribution): LoadSession {
  const { origin, path, headers, options } = addressOf(target, timeoutMs);
  const lanes = Array.from({ length: LANES }, () => new Pool(origin, options));
  const request = { path, headers, timeoutMs, keepBody: detector.readsBody };
  let turn = 0;
  return {
    async send({ fresh }) {
      if (!fresh) {
        turn = (turn + 1) % LANES;
        return shotOf(await exchange(lanes[turn]!, { ...request, fresh }), fresh, detector);
      }
      const client = new Client(origin, options);
      const got = await exchange(client, { ...request, fresh });
      void client.destroy();
      return shotOf(got, fresh, detector);
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.destroy()));
    },
  };
}

function shotOf(got: Exchange, fresh: boolean, detector: Attribution): Shot {
  const { routed, served, pod } = detector.identify(got.headers, got.body);
  const shot: Shot = { class: got.class, routed, served, pod, bytes: got.bytes };
  if (got.status !== undefined) shot.status = got.status;
  if (got.error !== undefined) shot.error = got.error;
  if (fresh && got.writtenAt !== undefined) shot.dialMs = got.writtenAt - got.sentAt;
  if (got.writtenAt !== undefined && got.headersAt !== undefined) {
    shot.waitMs = got.headersAt - got.writtenAt;
    shot.readMs = got.endedAt - got.headersAt;
  }
  return shot;
}

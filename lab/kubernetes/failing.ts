/** What the faults of an API server do to a request. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../faults.ts';
import type { Plane } from './plane.ts';
import type { Verb } from './request.ts';
import { StatusError } from './status-error.ts';

export const FAILED = 'failed';

export interface Failing {
  /** Before anything is read: FAILED when the fault has answered, or never will. */
  before(message: IncomingMessage, response: ServerResponse): Promise<typeof FAILED | undefined>;
  /** After the request took effect, before its answer. */
  after(response: ServerResponse): typeof FAILED | undefined;
}

export function failing({ faults, store }: Plane, verb: Verb): Failing {
  function found(kind: string): Fault | undefined {
    const fault = faults.matching(kind, store.name);
    const verbs = fault?.options.verbs as string[] | undefined;
    return verbs === undefined || verbs.includes(verb) ? fault : undefined;
  }

  return {
    async before(message, response) {
      if (found('api-timeout') || faults.matching('partition', store.name)) {
        message.resume();
        return FAILED;
      }
      const slow = found('api-slow');
      if (slow) await sleep(Number(slow.options.delayMs ?? 2000), undefined, { ref: false });
      const busy = found('api-429');
      if (busy) {
        message.resume();
        response.writeHead(429, {
          'content-type': 'text/plain; charset=utf-8',
          'retry-after': String(busy.options.retryAfter ?? 1),
        });
        response.end('Too many requests, please try again later.\n');
        return FAILED;
      }
      if (found('api-500'))
        throw new StatusError(500, 'InternalError', 'Internal error occurred: etcdserver: no leader');
      return undefined;
    },
    after(response) {
      if (!found('api-reset')) return undefined;
      (response.socket as unknown as { resetAndDestroy(): void }).resetAndDestroy();
      return FAILED;
    },
  };
}

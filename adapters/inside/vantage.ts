/** The port `Inside` where the fleet file says how to look in: by the member's DNS and an HTTP proxy that stands there. */
import type { Inside } from '../../activities/ports/inside.ts';
import type { Fleet, Member } from '../../dsl/fleet.ts';
import { resolveValue } from '../references.ts';
import { runErrand } from './client.ts';
import { translation } from './visits.ts';

export function createVantage(fleet: Fleet, inside: NonNullable<Member['inside']>): Inside {
  const { errand, visits } = translation(fleet);
  return {
    by: "the member's DNS and a proxy inside it",
    async visit(question, _at, signal) {
      signal.throwIfAborted();
      const addresses = {
        dns: resolveValue(inside.dns, fleet.file),
        proxy: resolveValue(inside.proxy, fleet.file),
      };
      return visits(await aborted(runErrand({ ...errand(question), ...addresses }), signal));
    },
  };
}

/** The client has its own time-outs; what it still does after an abort is not waited for. */
function aborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

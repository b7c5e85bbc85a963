/** The port `Notifier`: posts `{ "text": … }`, which Slack, Teams workflows, Mattermost and Google Chat take. */
import { request } from 'undici';
import { refused, transient } from '../../activities/failure.ts';
import type { Notifier } from '../../activities/ports/notifier.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { resolveSecret } from '../references.ts';

const DEADLINE_MS = 5_000;

export function createNotifier(fleet: Fleet): Notifier {
  return {
    async notify(receiver, message, signal) {
      const known = fleet.notify.find((one) => one.name === receiver);
      if (!known)
        throw refused({
          code: 'FD3501',
          where: receiver,
          what: `fleet ${fleet.name} knows no such receiver`,
          remedy: 'Add it under `notify` in the fleet file',
        });
      const status = await post(resolveSecret(known.url, fleet.file), message, receiver, signal);
      if (status < 300) return;
      const details = {
        code: 'FD3502',
        where: receiver,
        what: `it answered HTTP ${status}`,
        remedy: 'Check the webhook address it has in the fleet file',
      };
      throw status >= 500 || status === 429 ? transient(details) : refused(details);
    },
  };
}

/** The address is a secret: no error of ours carries it. */
async function post(url: string, text: string, receiver: string, signal: AbortSignal): Promise<number> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    signal.throwIfAborted();
    throw transient({
      code: 'FD3503',
      where: receiver,
      what: `it cannot be reached (${(error as { code?: string }).code ?? (error as Error).name})`,
      remedy: 'It is tried again; check the network from the worker',
    });
  }
}

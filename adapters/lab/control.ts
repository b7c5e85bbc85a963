/** The port `Lab` over the control API of sandbox and rig: JSON, errors are `{message}`. */
import { request } from 'undici';
import { refused, transient } from '../../activities/failure.ts';
import type { Lab, LabFault } from '../../activities/ports/lab.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { resolveValue } from '../references.ts';

/** The rig answers when it is done: taking a fault away may mean to wait until an API server is ready again. */
const DEADLINE_MS = 25_000;

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it asked for
  body: any;
}

export function createLab({ control }: NonNullable<Fleet['lab']>, fleetFile: string): Lab {
  async function ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<Answer> {
    // Read each time: a lab that was started anew may have another address.
    const url = `${resolveValue(control, fleetFile).replace(/\/$/, '')}${path}`;
    try {
      const answer = await request(url, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
      return { status: answer.statusCode, body: await answer.body.json() };
    } catch (error) {
      signal.throwIfAborted();
      throw silent(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return {
    async faults(signal) {
      const answer = await ask('GET', '/faults', signal);
      return accepted(answer, 'GET /faults');
    },
    async add(fault, signal) {
      const answer = await ask('POST', '/faults', signal, fault);
      return { ...fault, id: accepted<{ id: string }>(answer, `${fault.kind} on ${fault.target}`).id };
    },
    async remove(id, signal) {
      const answer = await ask('DELETE', `/faults/${encodeURIComponent(id)}`, signal);
      if (answer.status === 404) return false;
      accepted(answer, `DELETE /faults/${id}`);
      return true;
    },
  };
}

function accepted<T = LabFault[]>({ status, body }: Answer, asked: string): T {
  if (status < 300) return body as T;
  const said = typeof body?.message === 'string' ? body.message : `HTTP ${status}`;
  if (status >= 500) throw silent(`${asked}: ${said}`);
  throw refused({
    code: 'FD8104',
    where: 'lab',
    what: `${asked}: ${said}`,
    remedy: 'See which faults this lab knows: npx firedrill lab break',
  });
}

const silent = (what: string) =>
  transient({
    code: 'FD8103',
    where: 'lab',
    what: `its control API does not answer: ${what}`,
    remedy: 'It is tried again; look whether the lab runs: npx firedrill lab status',
  });

/**
 * List and watch through the SDK's Watch, until the signal is aborted: reconnects where it was, lists again when
 * the server has forgotten (410) or could not be reached, and tells every change.
 */
import { Watch } from '@kubernetes/client-node';
import { isDenied } from '../../activities/failure.ts';
import type { KubeObject, Observer } from '../../activities/ports/plane.ts';
import { sleep } from '../../activities/sleep.ts';
import { accept, refusal } from './answer.ts';
import type { KubeApi } from './api.ts';

export interface Watched {
  path: string;
  /** For errors, e.g. `pods`. */
  object: string;
  query?: Record<string, string | undefined>;
}

const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 2_000;
const RECONNECT_MS = 50;
/** The SDK ends a watch on which nothing came for this long. */
const SILENCE_MS = 30_000;

export async function watchObjects(
  api: KubeApi,
  watched: Watched,
  observer: Observer<KubeObject[]>,
  signal: AbortSignal,
): Promise<void> {
  let backoffMs = FIRST_BACKOFF_MS;
  while (!signal.aborted) {
    try {
      const listed = await list(api, watched, signal);
      backoffMs = FIRST_BACKOFF_MS;
      observer.seen([...listed.state.values()]);
      await followWhileFresh(api, watched, listed, observer, signal);
    } catch (error) {
      if (signal.aborted) return;
      observer.trouble(
        error instanceof Error ? error.message : String(error),
        isDenied(error) ? error : undefined,
      );
      await sleep(backoffMs, signal).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
    }
  }
}

interface Listed {
  state: Map<string, KubeObject>;
  resourceVersion: string;
}

async function list(api: KubeApi, watched: Watched, signal: AbortSignal): Promise<Listed> {
  const asked = { verb: 'list', object: watched.object };
  const request = { method: 'GET' as const, path: watched.path, query: watched.query ?? {} };
  const body = accept(await api.send(asked, request, signal), { plane: api.name, ...asked });
  const state = new Map<string, KubeObject>();
  for (const item of body.items as KubeObject[]) state.set(keyOf(item), item);
  return { state, resourceVersion: body.metadata.resourceVersion };
}

const keyOf = (object: KubeObject) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** Returns when the server has forgotten our place; throws when the connection broke. */
async function followWhileFresh(
  api: KubeApi,
  watched: Watched,
  listed: Listed,
  observer: Observer<KubeObject[]>,
  signal: AbortSignal,
): Promise<void> {
  let forgotten = false;
  while (!signal.aborted && !forgotten) {
    const sinceMs = Date.now();
    await follow(api, watched, listed.resourceVersion, signal, (phase, object, stop) => {
      if (phase === 'ERROR') {
        forgotten = true;
        stop();
        return;
      }
      listed.resourceVersion = object.metadata.resourceVersion ?? listed.resourceVersion;
      if (phase === 'BOOKMARK') return;
      if (phase === 'DELETED') listed.state.delete(keyOf(object));
      else listed.state.set(keyOf(object), object);
      observer.seen([...listed.state.values()]);
    });
    // Half a minute of silence may be a connection that is dead: the list tells. A server that closes at once is
    // not asked again at once.
    if (Date.now() - sinceMs >= SILENCE_MS) return;
    await sleep(RECONNECT_MS, signal).catch(() => undefined);
  }
}

type OnEvent = (phase: string, object: KubeObject, stop: () => void) => void;

function follow(
  api: KubeApi,
  watched: Watched,
  resourceVersion: string,
  signal: AbortSignal,
  onEvent: OnEvent,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let connection: AbortController | undefined;
    let stopped = false;
    const stop = () => {
      stopped = true;
      connection?.abort();
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const ended = (error: unknown) => {
      signal.removeEventListener('abort', stop);
      const silent = (error as Error | null)?.name === 'TimeoutError';
      if (error && !stopped && !silent) reject(meaningOf(error, api, watched));
      else resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
    const query = { ...watched.query, resourceVersion, allowWatchBookmarks: 'true' };
    new Watch(api.config)
      .watch(watched.path, query, (phase, object) => stopped || onEvent(phase, object, stop), ended)
      .then((controller) => {
        connection = controller;
        if (stopped) controller.abort();
      }, ended);
  });
}

/** The SDK gives an answer that is not 200 as an error with its status. */
function meaningOf(error: unknown, api: KubeApi, { object }: Watched): unknown {
  const { statusCode: status, message } = error as { statusCode?: number; message?: string };
  if (status === undefined) return error;
  const answer = { status, body: { message }, retryAfterMs: undefined };
  return refusal(answer, { plane: api.name, verb: 'watch', object });
}

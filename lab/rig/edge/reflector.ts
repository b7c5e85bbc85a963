/**
 * A copy of one resource of an API server, kept by list and watch. While the server cannot be asked the copy stays
 * as it was, as in any controller; when it can, the watch goes on where it was, or all is listed again and what is
 * different told.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, KubeObject, Resource } from '../../store.ts';
import type { ApiClient } from './api-client.ts';

export interface Reflector {
  objects: ReadonlyMap<string, KubeObject>;
  /** Resolves when all has been listed for the first time. */
  synced: Promise<void>;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;
/** client-go asks for 5 to 10 minutes: a watch does not live for ever. */
const WATCH_SECONDS = 300;

export function reflect(
  client: ApiClient,
  resource: Resource,
  path: string,
  tell: (change: Change) => void,
  signal: AbortSignal,
): Reflector {
  const objects = new Map<string, KubeObject>();
  /** Where the watch goes on; undefined: to be listed again. */
  let version: string | undefined;
  const first = Promise.withResolvers<void>();

  function take(type: Change['type'], object: KubeObject): void {
    const key = keyOf(object);
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
    tell({ type, resource, object });
  }

  async function list(): Promise<void> {
    const { kind, apiVersion, metadata, items } = await client.send('GET', path);
    const listed = new Map<string, KubeObject>();
    // Items of a list do not say what they are.
    for (const item of items as KubeObject[])
      listed.set(keyOf(item), { ...item, kind: String(kind).replace(/List$/, ''), apiVersion });
    for (const [key, object] of [...objects]) if (!listed.has(key)) take('DELETED', object);
    for (const [key, object] of listed) {
      const before = objects.get(key);
      if (before?.metadata.resourceVersion !== object.metadata.resourceVersion)
        take(before === undefined ? 'ADDED' : 'MODIFIED', object);
    }
    version = metadata.resourceVersion;
    first.resolve();
  }

  async function follow(from: string): Promise<void> {
    const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${from}`;
    for await (const { type, object } of client.watch(`${path}?${query}`, signal)) {
      // 410 Gone: the server has forgotten where we were.
      if (type === 'ERROR') {
        version = undefined;
        return;
      }
      version = object.metadata.resourceVersion;
      if (type !== 'BOOKMARK') take(type, object);
    }
  }

  async function run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        if (version === undefined) await list();
        else await follow(version);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        // A server that answers and refuses to go on from there has lost its memory.
        if (error instanceof Error && 'status' in error) version = undefined;
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
    first.resolve();
  }
  void run();
  return { objects, synced: first.promise };
}

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

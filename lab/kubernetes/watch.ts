/** watch: a stream of changes, one JSON object a line. */
import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../store.ts';
import type { Plane } from './plane.ts';
import { presented } from './read.ts';
import { type ApiRequest, isTrue } from './request.ts';
import type { Predicate } from './selectors.ts';
import { gone } from './status-error.ts';
import type { StoredChange } from './store.ts';

/** A real server ends a watch that names no time-out after 30 to 60 minutes. */
const LONGEST_MS = 30 * 60_000;
const BOOKMARK_MS = 60_000;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** While the API is cut off nothing arrives; when it is back, the client finds its connection broken. */
function cutOff({ faults, store }: Plane, response: ServerResponse): { now(): boolean; close(): void } {
  const now = () =>
    faults.matching('partition', store.name) !== undefined ||
    faults.matching('api-timeout', store.name) !== undefined;
  let was = false;
  const close = faults.onChange(() => {
    if (was && !now()) response.destroy();
    was ||= now();
  });
  return { now, close };
}

/** An object that leaves a selection is told as it was there, with the version at which it left. */
function lastSeen({ type, object, before }: StoredChange): KubeObject {
  if (type === 'DELETED' || before === undefined) return object;
  const { resourceVersion } = object.metadata;
  return { ...before, metadata: { ...before.metadata, ...(resourceVersion && { resourceVersion }) } };
}

export function watch(
  plane: Plane,
  request: ApiRequest,
  response: ServerResponse,
  matches: Predicate,
  view: (object: KubeObject) => KubeObject,
): void {
  const { store } = plane;
  const { type, query } = request;
  const cut = cutOff(plane, response);
  const bookmarks = isTrue(query.get('allowWatchBookmarks'));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();

  function send(event: EventType, object: object): void {
    if (!cut.now()) response.write(`${JSON.stringify({ type: event, object })}\n`);
  }

  function bookmark(version: number, annotations?: Record<string, string>): void {
    const metadata = { resourceVersion: String(version), ...(annotations && { annotations }) };
    send('BOOKMARK', presented(type, { metadata } as KubeObject));
  }

  /** A change can move an object into the selection or out of it; a watcher sees that as ADDED and DELETED. */
  function forward(change: StoredChange): void {
    if (change.resource !== type.resource) return;
    const object = presented(type, view(change.object));
    const was = change.before !== undefined && matches(change.before);
    const is = change.type !== 'DELETED' && matches(change.object);
    if (is) send(was ? 'MODIFIED' : 'ADDED', object);
    else if (was) send('DELETED', presented(type, view(lastSeen(change))));
  }

  const from = Number(query.get('resourceVersion') ?? 0);
  const initial = isTrue(query.get('sendInitialEvents'));
  const missed = from === 0 || initial ? [] : from > store.version() ? undefined : store.since(from);
  if (missed === undefined) {
    send('ERROR', gone(`too old resource version: ${from} (${store.version()})`).body);
    cut.close();
    response.end();
    return;
  }
  if (from === 0 || initial)
    for (const object of store.peek(type.resource))
      if (matches(object)) send('ADDED', presented(type, view(object)));
  if (initial) bookmark(store.version(), { 'k8s.io/initial-events-end': 'true' });
  for (const change of missed) forward(change);

  const stop = store.watch(forward);
  const ticking = setInterval(() => bookmarks && bookmark(store.version()), BOOKMARK_MS).unref();
  const limit = Number(query.get('timeoutSeconds') ?? 0) * 1000 || LONGEST_MS;
  const ending = setTimeout(() => {
    if (bookmarks) bookmark(store.version());
    response.end();
  }, limit).unref();
  response.once('close', () => {
    stop();
    cut.close();
    clearInterval(ticking);
    clearTimeout(ending);
  });
}

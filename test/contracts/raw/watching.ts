/** A watch over plain HTTP: one JSON object a line. */
import { createInterface } from 'node:readline';
import { type Caller, type Connection, send } from './connection.ts';

export interface WatchEvent {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server sent
  object: any;
}

export interface OpenWatch {
  status: number;
  /** The next events, as many as asked for; fewer when the server ends the watch. */
  take(count: number): Promise<WatchEvent[]>;
  /** Every event until the server ends the watch. */
  rest(): Promise<WatchEvent[]>;
  /** Ends it from this side. */
  close(): void;
}

/** Far more than any server needs: a watch that tells nothing fails its case instead of the whole run. */
const LONGEST_MS = 30_000;

export async function openWatch(connection: Connection, path: string, caller: Caller): Promise<OpenWatch> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(new Error(`watch ${path}: nothing more came`)), LONGEST_MS);
  const message = { method: 'GET', path, headers: {}, caller, signal: stop.signal };
  const { statusCode, body } = await send(connection, message);
  const lines = createInterface({ input: body })[Symbol.asyncIterator]();
  let broken: unknown;
  body.on('error', (error) => {
    broken = error;
  });

  async function take(count: number): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    while (events.length < count) {
      const { value, done } = await lines.next();
      if (done) break;
      events.push(JSON.parse(value) as WatchEvent);
    }
    if (broken !== undefined) throw broken;
    return events;
  }

  return {
    status: statusCode,
    take,
    async rest() {
      const events = await take(Number.POSITIVE_INFINITY);
      clearTimeout(late);
      return events;
    },
    close() {
      clearTimeout(late);
      stop.abort();
    },
  };
}

/** A world of a hundred lines: keys with values that can be broken, and a log of every change. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Key {
  value: string;
  down: boolean;
  /** How often it was written, by anyone. */
  writes: number;
}

export interface Toy {
  url: string;
  keys: Map<string, Key>;
  /** `PUT a=1`, `BREAK a` … in order. */
  log: string[];
  /** The next so many changes answer 503. */
  fail(times: number): void;
  /** Every change waits this long before it takes effect and is answered, ms. */
  delayMs: number;
  /** Changes that were asked for, those answered 503 too. */
  attempts: number;
  close(): Promise<void>;
}

interface Change {
  value?: string;
  down?: boolean;
}

export async function startToy(values: Record<string, string>): Promise<Toy> {
  let failing = 0;
  const server = createServer(async (request, response) => {
    const [, path = '', name = ''] = (request.url ?? '').split('/');
    const key = toy.keys.get(name);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-key': name });
      response.end(JSON.stringify(body));
    };
    if (path !== 'keys' || key === undefined) return answer(404, { error: `no key ${name}` });
    if (request.method === 'GET') return answer(key.down ? 503 : 200, key);
    const change = JSON.parse(await bodyOf(request)) as Change;
    toy.attempts += 1;
    if (failing > 0) {
      failing -= 1;
      return answer(503, { error: 'busy' });
    }
    await new Promise((resolve) => setTimeout(resolve, toy.delayMs));
    Object.assign(key, change);
    key.writes += 1;
    toy.log.push(
      change.down === undefined ? `PUT ${name}=${change.value}` : `${change.down ? 'BREAK' : 'MEND'} ${name}`,
    );
    answer(200, key);
  });
  const toy: Toy = {
    url: '',
    keys: new Map(Object.entries(values).map(([name, value]) => [name, { value, down: false, writes: 0 }])),
    log: [],
    fail(times) {
      failing = times;
    },
    delayMs: 0,
    attempts: 0,
    close: () => closed(server),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return toy;
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

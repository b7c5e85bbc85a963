import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SliceKind } from '../../activities/kind.ts';
import { generate } from '../../activities/traffic/generate.ts';
import type { LoadInput } from '../../activities/traffic/input.ts';
import { classOfError, classOfStatus } from '../../adapters/http/classify.ts';
import { createLoadClient } from '../../adapters/http/load.ts';
import { createRequester } from '../../adapters/http/requester.ts';
import { classesOf, contextOn, fleetAt, HOST, mark, type Site, serve, unknownOf } from './world.ts';

let site: Site | undefined;
afterEach(async () => site?.close());

/** What a broken service may do to one request, and how that counts. */
const fates: Record<string, { class: string; act(response: ServerResponse): void }> = {
  good: { class: 'ok', act: (response) => mark(response, 'aks1').end('hello') },
  redirect: {
    class: 'ok',
    act: (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  },
  missing: { class: 'http-4xx', act: (response) => response.writeHead(404).end() },
  unavailable: { class: 'http-5xx', act: (response) => mark(response, 'aks2').writeHead(503).end() },
  rst: { class: 'reset', act: (response) => response.socket!.resetAndDestroy() },
  fin: { class: 'reset', act: (response) => response.socket!.destroy() },
  torn: {
    class: 'reset',
    act: (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.socket!.destroy(), 20);
    },
  },
  silent: { class: 'timeout', act: () => {} },
  endless: {
    class: 'timeout',
    act: (response) => {
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 5);
      response.on('close', () => clearInterval(timer));
    },
  },
};

async function ask(url: string, timeoutMs = 300) {
  const fleet = fleetAt(url);
  const session = createLoadClient(fleet).open({ url, host: HOST }, { timeoutMs });
  const answers = await Promise.all([
    createRequester(fleet).request({ url, host: HOST }, { timeoutMs }),
    session.send({ fresh: true }),
    session.send({ fresh: false }),
  ]);
  await session.close();
  return answers;
}

describe('what becomes of a request, over real sockets', () => {
  test.each(Object.entries(fates))('%s', async (_, fate) => {
    site = await serve((_, response) => fate.act(response));
    for (const answer of await ask(site.url)) {
      expect(answer.class).toBe(fate.class);
      expect(answer.status === undefined).toBe(['reset', 'timeout'].includes(fate.class));
      expect(answer.error === undefined).toBe(answer.status !== undefined);
    }
  });

  test('refused', async () => {
    for (const answer of await ask('http://127.0.0.1:1/'))
      expect(answer).toMatchObject({ class: 'refused', error: expect.stringContaining('ECONNREFUSED') });
  });

  test('TLS that is none', async () => {
    site = await serve((_, response) => response.end());
    for (const answer of await ask(site.url.replace('http:', 'https:'), 2_000))
      expect(answer.class).toBe('tls');
  });

  test('something that does not speak HTTP', async () => {
    const server = createServer((socket) => {
      // Read, or its end is never seen.
      socket.on('error', () => {}).resume();
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    for (const answer of await ask(`http://127.0.0.1:${port}/`)) expect(answer.class).toBe('other');
    await new Promise((resolve) => server.close(resolve));
  });

  test('codes that need a network of their own to happen', () => {
    const coded = (code: string) => Object.assign(new Error(code), { code });
    expect(classOfError(coded('ENOTFOUND'))).toBe('dns');
    expect(classOfError(coded('EAI_AGAIN'))).toBe('dns');
    expect(classOfError(coded('CERT_HAS_EXPIRED'))).toBe('tls');
    expect(classOfError(coded('ERR_TLS_CERT_ALTNAME_INVALID'))).toBe('tls');
    expect(classOfError(coded('DEPTH_ZERO_SELF_SIGNED_CERT'))).toBe('tls');
    expect(classOfError(coded('UND_ERR_CONNECT_TIMEOUT'))).toBe('timeout');
    expect(classOfError(coded('EMFILE'))).toBe('dropped');
    expect(classOfError(new AggregateError([coded('EHOSTUNREACH'), coded('ETIMEDOUT')]))).toBe('refused');
    expect(classOfError(new Error('wrapped', { cause: coded('EPIPE') }))).toBe('reset');
    expect(classOfError(new Error('no code'))).toBe('other');
    expect([200, 304, 404, 500, 599].map(classOfStatus)).toEqual([
      'ok',
      'ok',
      'http-4xx',
      'http-5xx',
      'http-5xx',
    ]);
  });
});

describe('an answer', () => {
  test('keeps 64 KiB of a body and counts all of it', async () => {
    site = await serve((_, response) => response.end('é'.repeat(100_000)));
    const [answer, shot] = await ask(site.url, 2_000);
    expect(Buffer.byteLength(answer!.body as string)).toBeLessThanOrEqual(64 * 1024 + 2);
    expect(answer!.body).toHaveLength(32 * 1024);
    expect(shot).toMatchObject({ class: 'ok', bytes: 200_000 });
  });

  test('goes to the host named, on a new connection each time', async () => {
    const seen: {
      host: string | undefined;
      connection: string | undefined;
      control: unknown;
      port: number;
    }[] = [];
    site = await serve(({ headers, socket, url }, response) => {
      const { host, connection } = headers;
      seen.push({ host, connection, control: headers['x-firedrill-control'], port: socket.remotePort! });
      mark(response, 'aks2').end(url);
    });
    const requester = createRequester(fleetAt(site.url));
    const target = { url: `${site.url}a/b?c=d`, host: HOST, headers: { 'x-firedrill-control': 'true' } };
    for (let i = 0; i < 3; i += 1)
      expect(await requester.request(target, { timeoutMs: 2_000 })).toMatchObject({
        class: 'ok',
        status: 200,
        routed: 'aks2',
        served: 'aks2',
        pod: 'aks2-pod',
        node: 'aks2-node',
        body: '/a/b?c=d',
      });
    expect(seen).toHaveLength(3);
    for (const one of seen) expect(one).toMatchObject({ host: HOST, connection: 'close', control: 'true' });
    expect(new Set(seen.map(({ port }) => port)).size).toBe(3);
  });

  test('ends at once when the caller gives up', async () => {
    site = await serve(() => {});
    const requester = createRequester(fleetAt(site.url));
    const signal = AbortSignal.timeout(50);
    const answer = await requester.request({ url: site.url, host: HOST }, { timeoutMs: 30_000, signal });
    expect(answer).toMatchObject({ class: 'other', error: 'given up by the caller' });
  });
});

test('conservation: a slice agrees with the log of a target that does everything wrong', async () => {
  const names = Object.keys(fates);
  const log: Record<string, number> = {};
  let n = 0;
  site = await serve((_, response) => {
    n += 1;
    const fate = fates[names[n % names.length]!]!;
    log[fate.class] = (log[fate.class] ?? 0) + 1;
    fate.act(response);
  });
  const kind = generate as unknown as SliceKind<LoadInput, unknown>;
  const input = generate.input.parse({ rate: '100/s', timeout: '400ms' }) as LoadInput;
  const fromMs = Date.now() - 200;
  const slice = await kind.slice(input, { fromMs, untilMs: fromMs + 2_000 }, contextOn(fleetAt(site.url)));
  expect(classesOf(slice.seconds)).toEqual(log);
  expect(n + unknownOf(slice, '100/s')).toBe(slice.intended);
});

test('kept connections take turns, and a share of requests opens its own', async () => {
  const own = new Set<number>();
  const kept = new Set<number>();
  site = await serve(({ socket, headers }, response) => {
    (headers.connection === 'close' ? own : kept).add(socket.remotePort!);
    response.end();
  });
  const kind = generate as unknown as SliceKind<LoadInput, unknown>;
  const input = generate.input.parse({ rate: '100/s', freshConnections: 0.25 }) as LoadInput;
  const fromMs = Date.now() + 300;
  await kind.slice(input, { fromMs, untilMs: fromMs + 1_000 }, contextOn(fleetAt(site.url)));
  expect(own.size).toBeGreaterThanOrEqual(24);
  expect(own.size).toBeLessThanOrEqual(26);
  expect(kept.size).toBeGreaterThanOrEqual(8);
  expect(kept.size).toBeLessThan(75);
});

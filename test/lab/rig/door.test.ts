import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Door, openDoor } from '../../../lab/rig/edge/door.ts';

let server: Server;
let heard: string[];
let served: Socket[];
let door: Door;
const clients: Client[] = [];

/** Greets, and answers each word by `re:WORD`. */
beforeEach(async () => {
  heard = [];
  served = [];
  server = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => socket.destroy());
    socket.write('hello;');
    socket.on('data', (data) => {
      heard.push(String(data));
      socket.write(`re:${data};`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  door = await openDoor((server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await door.close();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  socket: Socket;
  text: string;
  /** `connected`, `closed`, an error's code. */
  events: string[];
}

function open(): Client {
  const client: Client = { socket: connect(door.port, '127.0.0.1'), text: '', events: [] };
  client.socket.on('connect', () => client.events.push('connected'));
  client.socket.on('data', (data) => {
    client.text += data;
  });
  client.socket.on('error', (error: NodeJS.ErrnoException) => client.events.push(error.code ?? ''));
  client.socket.on('close', () => client.events.push('closed'));
  clients.push(client);
  return client;
}

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !holds(); n += 1) await pause(25);
  expect(holds()).toBe(true);
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function greeted(): Promise<Client> {
  const client = open();
  await until(() => client.text === 'hello;');
  return client;
}

describe('a door to an API server', () => {
  test('bytes pass, and an end passes both ways', async () => {
    const client = await greeted();
    client.socket.write('one');
    await until(() => client.text === 'hello;re:one;');
    client.socket.end();
    await until(() => client.events.includes('closed'));
    expect(client.events).toEqual(['connected', 'closed']);
  });

  test('much passes, at the pace of the slower side', async () => {
    const client = await greeted();
    client.socket.write(Buffer.alloc(5_000_000, 'x'));
    await until(() => heard.join('').length === 5_000_000);
    await until(() => client.text.length >= 5_000_000);
  });

  test('cut: connecting hangs and nothing passes; afterwards what waited arrives', async () => {
    const before = await greeted();
    await door.set({ kind: 'cut' });
    const during = open();
    before.socket.write('late');
    await pause(300);
    expect([before.events, during.events]).toEqual([['connected'], []]);
    expect([before.text, heard]).toEqual(['hello;', []]);

    await door.set({ kind: 'open' });
    await until(() => before.text === 'hello;re:late;');
    const after = await greeted();
    expect(after.events).toEqual(['connected']);
  });

  test('cut: a server that goes away meanwhile is not noticed before the cable is back', async () => {
    const client = await greeted();
    await door.set({ kind: 'cut' });
    for (const socket of served) socket.resetAndDestroy();
    await pause(100);
    expect(client.events).toEqual(['connected']);
    await door.set({ kind: 'open' });
    await until(() => client.events.includes('ECONNRESET'));
  });

  test('silent: connections are made, and get no answer', async () => {
    await door.set({ kind: 'silent' });
    const client = open();
    await until(() => client.events.includes('connected'));
    client.socket.write('word');
    await pause(200);
    expect([client.text, heard]).toEqual(['', []]);
    await door.set({ kind: 'open' });
    await until(() => heard.join('') === 'word');
  });

  test('slow: every answer arrives late, in order', async () => {
    const client = await greeted();
    await door.set({ kind: 'slow', delayMs: 250 });
    const startMs = Date.now();
    client.socket.write('a');
    await until(() => heard.length === 1);
    client.socket.write('b');
    await until(() => heard.length === 2);
    await door.set({ kind: 'open' });
    client.socket.write('c');
    await until(() => client.text === 'hello;re:a;re:b;re:c;');
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(250);
  });

  test('reset: what is asked is heard, and the connection breaks instead of an answer', async () => {
    const quiet = await greeted();
    const asking = await greeted();
    await door.set({ kind: 'reset' });
    asking.socket.write('create');
    const late = await greeted();
    late.socket.write('update');
    await until(() => asking.events.includes('ECONNRESET') && late.events.includes('ECONNRESET'));
    expect(heard.toSorted()).toEqual(['create', 'update']);
    expect([asking.text, late.text]).toEqual(['hello;', 'hello;']);
    expect(quiet.events).toEqual(['connected']);
  });

  test('shut: connections end and new ones are refused, until it opens on the same port', async () => {
    const before = await greeted();
    await door.set({ kind: 'shut' });
    await until(() => before.events.includes('closed'));
    const refused = open();
    await until(() => refused.events.includes('ECONNREFUSED'));
    await door.set({ kind: 'open' });
    await greeted();
  });

  test('from cut to shut and back: the port is never left to somebody else', async () => {
    await Promise.all([door.set({ kind: 'cut' }), door.set({ kind: 'shut' }), door.set({ kind: 'cut' })]);
    const hanging = open();
    await pause(200);
    expect(hanging.events).toEqual([]);
    await door.set({ kind: 'open' });
    await until(() => hanging.events.includes('connected') || hanging.events.includes('ECONNREFUSED'));
    await greeted();
  });

  test('a server that is not there: the connection breaks', async () => {
    const nobody = await openDoor(1);
    const socket = connect(nobody.port, '127.0.0.1');
    const code = await new Promise((resolve) =>
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
    );
    expect(code).toBe('ECONNRESET');
    await nobody.close();
  });
});

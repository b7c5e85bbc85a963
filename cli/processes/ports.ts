/** Ports: free ones at first start, the same ones ever after, so that printed links and open runs stay good. */
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { inHome, writeAtomically } from './home.ts';

type Kept = Record<string, number>;

/** `names` → ports; a kept port that somebody else took meanwhile is replaced. */
export async function keptPorts(owner: string, names: string[]): Promise<Kept> {
  const all = read();
  const taken = new Set(Object.values(all));
  const ports: Kept = {};
  for (const name of names) {
    const kept = all[`${owner}.${name}`];
    ports[name] = kept !== undefined && (await isFree(kept)) ? kept : await freePort(taken);
    taken.add(ports[name]);
    all[`${owner}.${name}`] = ports[name];
  }
  writeAtomically(inHome('ports.json'), `${JSON.stringify(all, null, 2)}\n`);
  return ports;
}

function read(): Kept {
  try {
    return JSON.parse(readFileSync(inHome('ports.json'), 'utf8')) as Kept;
  } catch {
    return {};
  }
}

async function freePort(taken: Set<number>): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    if (port !== undefined && !taken.has(port)) return port;
  }
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

/** Whether something accepts connections there. */
export function answers(port: number, withinMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(withinMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Ports: free ones at first start, the same ones ever after, so that printed links and open runs stay good. */
import { readFileSync } from 'node:fs';
import { freePort, isFree } from '../../lab/free-ports.ts';
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

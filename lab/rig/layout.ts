/** Where the rig keeps what, in its folder; and the ports it uses, the same at every start. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort, isFree } from '../free-ports.ts';
import { readJson } from '../state-file.ts';

export const MEMBERS = ['aks1', 'aks2', 'k3s'] as const;
export const FEDERATION = 'federation';
export const PLANES = [...MEMBERS, FEDERATION] as const;

/** Everything below the rig's folder. */
export function layout(folder: string) {
  const of = (...parts: string[]) => join(folder, ...parts);
  return {
    folder,
    record: of('rig.json'),
    ports: of('ports.json'),
    kubeconfig: of('kubeconfig'),
    logs: of('logs'),
    etcd: of('etcd'),
    /** What a member's kwok reads when it starts. */
    stages: (member: string) => of('stages', `${member}.yaml`),
    /** Certificates and keys of a plane, by file name. */
    pki: (plane: string, file: string) => of('pki', plane, file),
    /** What a component of the rig reaches a plane with. */
    kubeconfigOf: (plane: string, user: string) => of('planes', plane, `${user}.kubeconfig`),
  };
}
export type Layout = ReturnType<typeof layout>;

export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

export type PortOf = (name: string) => number;

/** Asks for ports by name; a kept one that somebody else took meanwhile is replaced. */
export async function keptPorts(file: string, names: string[]): Promise<PortOf> {
  const kept = readJson<Record<string, number>>(file) ?? {};
  const taken = new Set(Object.values(kept));
  const ports: Record<string, number> = {};
  for (const name of names) {
    const before = kept[name];
    const port = before !== undefined && (await isFree(before)) ? before : await freePort(taken);
    taken.add(port);
    ports[name] = port;
  }
  writePrivate(file, `${JSON.stringify(ports, null, 2)}\n`);
  return (name) => {
    const port = ports[name];
    if (port === undefined) throw new RangeError(`no port was kept for ${name}`);
    return port;
  };
}

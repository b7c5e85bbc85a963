/** What a client inside each member has: its DNS, and a proxy that connects from there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Faults } from '../faults.ts';
import type { ObjectReader } from '../store.ts';
import { startClusterDns } from './dns.ts';
import { openGateway } from './gateway.ts';
import { namedResources } from './names.ts';
import { createNetwork, networkResources } from './network.ts';

/** Group and plural of all that the members' readers must hold, and tell the changes of. */
export const insideResources: readonly string[] = [...new Set([...namedResources, ...networkResources])];

export interface InsidePorts {
  dns: number;
  proxy: number;
}

export interface Inside {
  /** By member, to be kept for the next start. */
  ports: Record<string, InsidePorts>;
  close(): Promise<void>;
}

/** Writes `<member>.dns` (ADDRESS:PORT, UDP and TCP) and `<member>.inside.url` (the proxy) into `folder`. */
export async function startInside(
  { members, faults }: { members: Record<string, ObjectReader>; faults: Faults },
  { folder, ports = {} }: { folder: string; ports?: Record<string, InsidePorts> },
): Promise<Inside> {
  const readers = Object.values(members);
  const opened = await Promise.all(
    Object.entries(members).map(async ([member, reader]) => {
      const network = createNetwork(reader, readers);
      const dns = await startClusterDns(reader, ports[member]?.dns);
      const gateway = await openGateway(network, faults, ports[member]?.proxy ?? 0);
      writeFileSync(join(folder, `${member}.dns`), `127.0.0.1:${dns.port}`);
      writeFileSync(join(folder, `${member}.inside.url`), `http://127.0.0.1:${gateway.port}/`);
      return { member, network, dns, gateway };
    }),
  );
  return {
    ports: Object.fromEntries(
      opened.map(({ member, dns, gateway }) => [member, { dns: dns.port, proxy: gateway.port }]),
    ),
    async close() {
      for (const { network, gateway } of opened) {
        gateway.close();
        network.close();
      }
      await Promise.all(opened.map(({ dns }) => dns.close()));
    },
  };
}

/** Connections by a kubeconfig: client certificates or bearer tokens, as its contexts say. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Agent } from 'undici';
import { parse } from 'yaml';
import type { Connection } from './connection.ts';

/** By context. Certificates may stand in the file (`…-data`) or beside it. */
export function connectionsOf(file: string): (context: string) => Connection {
  const config = parse(readFileSync(file, 'utf8'));
  // biome-ignore lint/suspicious/noExplicitAny: a kubeconfig is what it is
  const named = (list: any[], name: string) => list.find((entry) => entry.name === name);
  const bytes = (part: Record<string, string>, field: string): Buffer | undefined => {
    const inline = part[`${field}-data`];
    if (inline !== undefined) return Buffer.from(inline, 'base64');
    return part[field] === undefined ? undefined : readFileSync(resolve(dirname(file), part[field]));
  };

  return (context) => {
    const found = named(config.contexts, context)?.context;
    if (found === undefined) throw new Error(`${file} has no context ${context}`);
    const { cluster } = named(config.clusters, found.cluster);
    const { user } = named(config.users, found.user);
    const ca = bytes(cluster, 'certificate-authority');
    const cert = bytes(user, 'client-certificate');
    const key = bytes(user, 'client-key');
    const trust = { ...(ca && { ca }) };
    return {
      url: cluster.server.replace(/\/$/, ''),
      administrator: {
        dispatcher: new Agent({ connect: { ...trust, ...(cert && { cert }), ...(key && { key }) } }),
        headers: user.token ? { authorization: `Bearer ${user.token}` } : {},
      },
      nobody: new Agent({ connect: trust }),
    };
  };
}

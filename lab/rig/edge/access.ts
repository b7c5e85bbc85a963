/** How one API server is reached: read from a kubeconfig, as the rig writes them. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

export interface PlaneAccess {
  /** `https://127.0.0.1:PORT` */
  server: string;
  /** PEM texts. */
  authority: string;
  certificate: string;
  key: string;
  /** Shown as well, where there is one. */
  token?: string;
}

type Fields = Record<string, string | undefined>;
interface Kubeconfig {
  clusters?: { name: string; cluster: Fields }[];
  users?: { name: string; user: Fields }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
}

/**
 * Of one context of a kubeconfig with client certificates; relative paths are meant from the file.
 *
 * @throws RangeError that names the file, and what in it is missing.
 */
export function readAccess(file: string, context: string): PlaneAccess {
  const config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const missing = (what: string) => new RangeError(`${file}: there is no ${what}`);
  const chosen = config.contexts?.find(({ name }) => name === context)?.context;
  if (!chosen) throw missing(`context ${context}`);
  const cluster = config.clusters?.find(({ name }) => name === chosen.cluster)?.cluster;
  if (!cluster) throw missing(`cluster ${chosen.cluster}`);
  const user = config.users?.find(({ name }) => name === chosen.user)?.user;
  if (!user) throw missing(`user ${chosen.user}`);

  function pem(fields: Fields, name: string, of: string): string {
    const inline = fields[`${name}-data`];
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
    const path = fields[name];
    if (path === undefined) throw missing(`${name} of ${of}`);
    return readFileSync(resolve(dirname(file), path), 'utf8');
  }

  const { server } = cluster;
  if (server === undefined) throw missing(`server of cluster ${chosen.cluster}`);
  return {
    server: server.replace(/\/$/, ''),
    authority: pem(cluster, 'certificate-authority', `cluster ${chosen.cluster}`),
    certificate: pem(user, 'client-certificate', `user ${chosen.user}`),
    key: pem(user, 'client-key', `user ${chosen.user}`),
  };
}

/** The API servers of all planes of a world, and the kubeconfig that reaches them. */
import { stringify } from 'yaml';
import type { World } from '../world.ts';
import { type ApiServer, startApiServer } from './server.ts';

/** By cluster name. `ports` are used where they are given, else free ones. */
export async function startApiServers(
  world: Pick<World, 'planes'>,
  ports: Record<string, number> = {},
): Promise<Record<string, ApiServer>> {
  const started = Object.entries(world.planes).map(
    async ([name, plane]): Promise<[string, ApiServer]> => [
      name,
      await startApiServer(plane, ports[name] ?? 0),
    ],
  );
  return Object.fromEntries(await Promise.all(started));
}

/** One context a plane, named as the plane. */
export function kubeconfig(servers: Record<string, Pick<ApiServer, 'url'>>, token: string): string {
  const names = Object.keys(servers);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': names.at(-1),
    // The client refuses plain http unless told not to verify.
    clusters: Object.entries(servers).map(([name, { url }]) => ({
      name,
      cluster: { server: url, 'insecure-skip-tls-verify': true },
    })),
    users: [{ name: 'lab', user: { token } }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'lab' } })),
  });
}

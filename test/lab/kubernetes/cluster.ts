/** A world with its API servers, and the real client for each of them. */
import {
  type ApiConstructor,
  ApiException,
  type ApiType,
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  PolicyV1Api,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { kubeconfig, startApiServers } from '../../../lab/kubernetes/api-servers.ts';
import { createWorld, type World, type WorldOptions } from '../../../lab/world.ts';

export interface TestLab {
  world: World;
  config(cluster?: string): KubeConfig;
  /** A client of the administrator, or of whoever has the token. */
  client<T extends ApiType>(api: ApiConstructor<T>, cluster?: string, token?: string): T;
  /** Looks again on every change of the cluster until `look` answers something; 10 s at most. */
  until<T>(look: () => T | undefined | false, cluster?: string): Promise<T>;
  url(cluster?: string): string;
  close(): Promise<void>;
}

export async function openLab(options: WorldOptions = {}): Promise<TestLab> {
  const world = createWorld({
    members: ['aks1'],
    ...options,
    settings: { podStartMs: 50, podStopMs: 20, podGcMs: 100, ...options.settings },
  });
  const servers = await startApiServers(world);
  function config(cluster = 'aks1'): KubeConfig {
    const loaded = new KubeConfig();
    loaded.loadFromString(kubeconfig(servers, world.adminToken));
    loaded.setCurrentContext(cluster);
    return loaded;
  }
  return {
    world,
    config,
    client(api, cluster = 'aks1', token) {
      const used = config(cluster);
      if (token !== undefined) used.users = [{ name: 'lab', token }];
      return used.makeApiClient(api);
    },
    until: (look, cluster = 'aks1') => until(world, look, cluster),
    url: (cluster = 'aks1') => servers[cluster]?.url ?? '',
    async close() {
      world.stop();
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}

export const patchAs = (strategy: string) => setHeaderOptions('Content-Type', strategy);
export { AppsV1Api, CoreV1Api, KubernetesObjectApi, PatchStrategy, PolicyV1Api };

export function deployment(name: string, replicas: number, more: { cpu?: string; image?: string } = {}) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name,
              image: more.image ?? 'nginxdemos/hello:plain-text',
              resources: { requests: { cpu: more.cpu ?? '100m' } },
            },
          ],
        },
      },
    },
  };
}

/** The Status body of a request that must be refused. */
export async function refusal(request: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await request.then(
    (answer) => Promise.reject(new Error(`not refused: ${JSON.stringify(answer)}`)),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiException)) throw error;
  // Of a 401 the client does not keep the body.
  return { code: error.code, ...JSON.parse(error.body ?? '{}') };
}

/** Looks again on every change of the cluster until `look` answers something. */
async function until<T>(world: World, look: () => T | undefined | false, cluster: string): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    const late = setTimeout(() => end(() => reject(new Error(`not seen within 10 s: ${look}`))), 10_000);
    function end(settle: () => void): void {
      clearTimeout(late);
      stop();
      settle();
    }
    function check(): void {
      const seen = look();
      if (seen !== undefined && seen !== false) end(() => resolve(seen));
    }
    stop = world.planes[cluster]?.store.watch(check) ?? stop;
    check();
  });
}

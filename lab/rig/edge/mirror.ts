/** A member's real API server as the edge sees it: a copy of what it needs, and the little that it writes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IngressWriter } from '../../edge/classes.ts';
import type { Change, KubeObject, ObjectReader, Resource } from '../../store.ts';
import type { PlaneAccess } from './access.ts';
import { type ApiClient, ApiFailure, createApiClient } from './api-client.ts';
import { type Reflector, reflect } from './reflector.ts';

export interface Mirror extends ObjectReader {
  writer: IngressWriter;
  client: ApiClient;
  close(): Promise<void>;
}

const INGRESSES = 'networking.k8s.io/ingresses';
const CLASSES = 'networking.k8s.io/ingressclasses';

/** What is copied, and where it stands. */
const paths: Record<Resource, string> = {
  'core/nodes': '/api/v1/nodes',
  'core/pods': '/api/v1/pods',
  'core/services': '/api/v1/services',
  'core/configmaps': '/api/v1/configmaps',
  'apps/deployments': '/apis/apps/v1/deployments',
  'discovery.k8s.io/endpointslices': '/apis/discovery.k8s.io/v1/endpointslices',
  [INGRESSES]: '/apis/networking.k8s.io/v1/ingresses',
  [CLASSES]: '/apis/networking.k8s.io/v1/ingressclasses',
};

/** Of APIs that a member gets only when a Service is shared with it: nothing waits for them. */
const laterPaths: Record<Resource, string> = {
  'multicluster.x-k8s.io/serviceimports': '/apis/multicluster.x-k8s.io/v1alpha1/serviceimports',
};

const RETRY_MS = 1_000;

/** Resolves when everything has been copied once, however long the server takes to come up. */
export async function openMirror(name: string, access: PlaneAccess): Promise<Mirror> {
  const client = createApiClient(access);
  const stop = new AbortController();
  const handlers = new Set<(change: Change) => void>();
  const tell = (change: Change) => {
    for (const handler of [...handlers]) handler(change);
  };
  const reflectors = Object.fromEntries(
    Object.entries({ ...paths, ...laterPaths }).map(([resource, path]) => [
      resource,
      reflect(client, resource, path, tell, stop.signal),
    ]),
  );

  function copyOf(resource: Resource): Reflector['objects'] {
    const reflector = reflectors[resource];
    if (reflector === undefined)
      throw new RangeError(`no copy of ${resource} is kept, only of: ${Object.keys(paths).join(', ')}`);
    return reflector.objects;
  }

  await Promise.all(Object.keys(paths).map((resource) => reflectors[resource]?.synced));
  return {
    name,
    client,
    get: (resource, namespace, objectName) =>
      structuredClone(copyOf(resource).get(`${namespace ?? ''}/${objectName}`)),
    list: (resource, selector = {}) =>
      [...copyOf(resource).values()]
        .filter(
          ({ metadata }) =>
            (selector.namespace === undefined || metadata.namespace === selector.namespace) &&
            Object.entries(selector.labels ?? {}).every(
              ([label, value]) => metadata.labels?.[label] === value,
            ),
        )
        .map((object) => structuredClone(object)),
    watch(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    writer: createWriter(client, stop.signal),
    async close() {
      stop.abort();
      await client.close();
    },
  };
}

/** Writes until it is done: an ingress controller does not give up because its API server is away. */
function createWriter(client: ApiClient, signal: AbortSignal): IngressWriter {
  async function persist(write: () => Promise<unknown>): Promise<void> {
    while (!signal.aborted) {
      try {
        await write();
        return;
      } catch (error) {
        // It is there already, or gone again.
        if (error instanceof ApiFailure && [404, 409].includes(error.status)) return;
        if (error instanceof ApiFailure && error.status < 429) {
          console.error(`the ingress controller's write was refused: ${error.message}`);
          return;
        }
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
  return {
    addClass: (ingressClass: KubeObject) =>
      void persist(() => client.send('POST', paths[CLASSES] as string, ingressClass)),
    setStatus: (namespace, name, status) =>
      void persist(() =>
        client.patch(
          `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${encodeURIComponent(name)}/status`,
          { status },
        ),
      ),
  };
}

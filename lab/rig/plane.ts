/** What the rig itself writes to its API servers: as plain JSON, since the SDK's models drop fields of CRDs. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../store.ts';
import { readAccess } from './edge/access.ts';
import { ApiFailure, createApiClient } from './edge/api-client.ts';

export interface PlaneClient {
  /** Server-side apply by force, so that a rig that starts again finds what it wants. */
  apply(object: KubeObject): Promise<void>;
  /** False when it is there already. */
  create(object: KubeObject): Promise<boolean>;
  /** Undefined when it is not there. */
  read(ref: KubeObject): Promise<KubeObject | undefined>;
}

const FIELD_MANAGER = 'firedrill-rig';

/** @param file a kubeconfig with client certificates @param context the plane's name. */
export function openPlane(file: string, context: string): PlaneClient {
  const access = readAccess(file, context);
  const client = createApiClient(access);
  /** Path of a kind's collection, by `apiVersion/kind`. */
  const known = new Map<string, { plural: string; namespaced: boolean }>();

  async function collection({ apiVersion, kind, metadata: { namespace } }: KubeObject): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!known.has(`${apiVersion}/${kind}`)) {
      const { resources } = await client.send('GET', group);
      for (const { name, kind: listed, namespaced } of resources)
        if (!name.includes('/')) known.set(`${apiVersion}/${listed}`, { plural: name, namespaced });
    }
    const resource = known.get(`${apiVersion}/${kind}`);
    if (resource === undefined) throw new Error(`${access.server} knows no ${kind} of ${apiVersion}`);
    return `${group}${resource.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${resource.plural}`;
  }

  const pathOf = async (object: KubeObject) => `${await collection(object)}/${object.metadata.name}`;

  return {
    async apply(object) {
      const path = `${await pathOf(object)}?fieldManager=${FIELD_MANAGER}&force=true`;
      await client.patch(path, object, 'application/apply-patch+yaml');
    },
    async create(object) {
      const path = await collection(object);
      return (await unless(409, client.send('POST', path, object))) !== undefined;
    },
    read: async (ref) => unless(404, client.send('GET', await pathOf(ref))),
  };
}

/** Undefined when that is what the server answers. */
async function unless<T>(status: number, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === status) return undefined;
    throw error;
  }
}

/** Kinds and webhooks come up a moment after the servers that say they are ready. */
export async function eventually<T>(what: string, attempt: () => Promise<T>, withinMs = 60_000): Promise<T> {
  for (const endMs = Date.now() + withinMs; ; await sleep(200)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > endMs) throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

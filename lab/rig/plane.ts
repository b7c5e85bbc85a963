/** What the rig itself writes to its API servers: as plain JSON, since the SDK's models drop fields of CRDs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import type { KubeObject } from '../store.ts';
import { readAccess } from './edge/access.ts';

export interface PlaneClient {
  /** Server-side apply by force, so that a rig that starts again finds what it wants. */
  apply(object: KubeObject): Promise<void>;
  /** False when it is there already. */
  create(object: KubeObject): Promise<boolean>;
  /** Undefined when it is not there. */
  read(ref: KubeObject): Promise<KubeObject | undefined>;
}

const FIELD_MANAGER = 'firedrill-rig';
const ANSWER_WITHIN_MS = 30_000;

/** @param file a kubeconfig with client certificates @param context the plane's name. */
export function openPlane(file: string, context: string): PlaneClient {
  const { server, authority, certificate, key } = readAccess(file, context);
  const dispatcher = new Agent({ connect: { ca: authority, cert: certificate, key } });
  /** Path of a kind's collection, by `apiVersion/kind`. */
  const known = new Map<string, { plural: string; namespaced: boolean }>();

  async function send(method: string, path: string, body?: object, type = 'application/json') {
    const answer = await fetch(`${server}${path}`, {
      method,
      dispatcher,
      headers: { 'content-type': type },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: the shape depends on what was asked
    return { status: answer.status, body: (await answer.json()) as any };
  }

  async function collection({ apiVersion, kind, metadata: { namespace } }: KubeObject): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!known.has(`${apiVersion}/${kind}`)) {
      const found = accepted(`discovery of ${apiVersion}`, await send('GET', group));
      for (const { name, kind: listed, namespaced } of found.resources)
        if (!name.includes('/')) known.set(`${apiVersion}/${listed}`, { plural: name, namespaced });
    }
    const resource = known.get(`${apiVersion}/${kind}`);
    if (resource === undefined) throw new Error(`${server} knows no ${kind} of ${apiVersion}`);
    return `${group}${resource.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${resource.plural}`;
  }

  const pathOf = async (object: KubeObject) => `${await collection(object)}/${object.metadata.name}`;

  return {
    async apply(object) {
      const path = `${await pathOf(object)}?fieldManager=${FIELD_MANAGER}&force=true`;
      accepted(`apply ${path}`, await send('PATCH', path, object, 'application/apply-patch+yaml'));
    },
    async create(object) {
      const path = await collection(object);
      const answer = await send('POST', path, object);
      if (answer.status === 409) return false;
      accepted(`create ${path}/${object.metadata.name}`, answer);
      return true;
    },
    async read(ref) {
      const path = await pathOf(ref);
      const answer = await send('GET', path);
      return answer.status === 404 ? undefined : accepted(`read ${path}`, answer);
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the shape depends on what was asked
function accepted(what: string, { status, body }: { status: number; body: any }): any {
  if (status < 300) return body;
  throw new Error(`${what}: ${status} ${body.message}`);
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

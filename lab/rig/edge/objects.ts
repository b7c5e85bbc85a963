/** Every object of a real API server, for comparisons. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, Resource } from '../../store.ts';
import { type ApiClient, ApiFailure } from './api-client.ts';

interface ApiResource {
  name: string;
  kind: string;
  verbs: string[];
}

/** A page of events or statuses of the server itself says nothing about what a drill left. */
const ignored = new Set(['core/events', 'core/componentstatuses', 'events.k8s.io/events']);

export async function objectsOf(client: ApiClient): Promise<[Resource, KubeObject][]> {
  const { groups } = await client.send('GET', '/apis');
  const versions = (groups as { name: string; preferredVersion: { groupVersion: string } }[]).map(
    ({ name, preferredVersion }) => ({ group: name, path: `/apis/${preferredVersion.groupVersion}` }),
  );
  const listed = [{ group: 'core', path: '/api/v1' }, ...versions].map(({ group, path }) =>
    ofGroup(client, group, path),
  );
  return (await Promise.all(listed)).flat();
}

async function ofGroup(client: ApiClient, group: string, path: string): Promise<[Resource, KubeObject][]> {
  const { resources, groupVersion } = await client.send('GET', path);
  const found: [Resource, KubeObject][] = [];
  for (const { name, kind, verbs } of resources as ApiResource[]) {
    const resource = `${group}/${name}`;
    if (name.includes('/') || !verbs.includes('list') || ignored.has(resource)) continue;
    const { items } = await patiently(() => client.send('GET', `${path}/${name}`));
    for (const item of items as KubeObject[])
      found.push([resource, { ...item, kind, apiVersion: groupVersion }]);
  }
  return found;
}

const INITIALIZING_MS = 15_000;
const AGAIN_MS = 250;

/** A kind that has just come is listed among the others before its storage answers (429 until then). */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (const endMs = Date.now() + INITIALIZING_MS; ; await sleep(AGAIN_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 429 || Date.now() > endMs) throw error;
    }
  }
}

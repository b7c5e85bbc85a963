/** Runs every case on a server, each in a namespace of its own, and tidies up behind it. */
import { randomBytes } from 'node:crypto';
import { createApi } from './api.ts';
import type { Area, Case } from './case.ts';
import { type Connection, send } from './connection.ts';
import { normalise } from './normalise.ts';

/** Area → case → what was seen. */
export type Observations = Record<string, Record<string, unknown>>;

/** Cases wait more than they compute. */
const AT_ONCE = 8;

export async function observe(
  areas: readonly Area[],
  connections: Record<Area['plane'], Connection>,
): Promise<Observations> {
  const run = randomBytes(3).toString('hex');
  const seen: Observations = Object.fromEntries(areas.map(({ title }) => [title, {}]));
  const waiting = areas.flatMap(({ title, plane, cases }) =>
    Object.entries(cases).map(([name, act]) => ({ title, plane, name, act })),
  );
  const tasks = [...waiting.entries()];
  async function work(): Promise<void> {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const [index, { title, plane, name, act }] = task;
      const own = `raw-${run}-${String(index).padStart(3, '0')}`;
      seen[title]![name] = await observeOne(connections[plane], own, act);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return inOrder(areas, seen);
}

async function observeOne(connection: Connection, own: string, act: Case): Promise<unknown> {
  const made: string[] = [];
  const api = createApi(connection, own, (path) => made.push(path));
  const namespace = await api.post('/api/v1/namespaces', { metadata: { name: own } });
  if (namespace.status !== 201) throw new Error(`no namespace for a case: ${JSON.stringify(namespace)}`);
  try {
    return normalise(await act(api), own);
  } catch (error) {
    return { failed: String(error) };
  } finally {
    for (const path of made.reverse()) await drop(connection, path);
  }
}

/** Whatever keeps it (a finalizer that a case gave it is taken off by the case itself) is not waited for. */
async function drop(connection: Connection, path: string): Promise<void> {
  const response = await send(connection, { method: 'DELETE', path, headers: {}, caller: 'administrator' });
  await response.body.dump();
}

function inOrder(areas: readonly Area[], seen: Observations): Observations {
  return Object.fromEntries(
    areas.map(({ title, cases }) => [
      title,
      Object.fromEntries(Object.keys(cases).map((name) => [name, seen[title]![name]])),
    ]),
  );
}

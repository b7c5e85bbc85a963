/** Runs every case on a server, each in a namespace of its own, and tidies up behind it. */
import { randomBytes } from 'node:crypto';
import { type Api, createApi } from './api.ts';
import { type Area, type Case, until } from './case.ts';
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
  const used: { connection: Connection; own: string }[] = [];
  const tasks = [...waiting.entries()];
  async function work(): Promise<void> {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const [index, { title, plane, name, act }] = task;
      const own = `raw-${run}-${String(index).padStart(3, '0')}`;
      const connection = connections[plane];
      used.push({ connection, own });
      seen[title]![name] = await observeOne(connection, own, plane, act);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Not before: a namespace controller takes them one after the other, and some cases wait for theirs.
  for (const { connection, own } of used) await drop(connection, `/api/v1/namespaces/${own}`);
  return inOrder(areas, seen);
}

async function observeOne(
  connection: Connection,
  own: string,
  plane: Area['plane'],
  act: Case,
): Promise<unknown> {
  const made: string[] = [];
  const api = createApi(connection, own, (path) => path === `/api/v1/namespaces/${own}` || made.push(path));
  const namespace = await api.post('/api/v1/namespaces', { metadata: { name: own } });
  if (namespace.status !== 201) throw new Error(`no namespace for a case: ${JSON.stringify(namespace)}`);
  try {
    if (plane === 'member') await settled(api);
    // As the recording has it: what is undefined in a list is null there.
    return normalise(JSON.parse(JSON.stringify(await act(api))), own);
  } catch (error) {
    return { failed: String(error) };
  } finally {
    for (const path of made.reverse()) await drop(connection, path);
  }
}

/** Pods are refused in a namespace whose default account is not there yet. */
async function settled(api: Api): Promise<void> {
  await until(
    () => api.get('/api/v1/namespaces/{own}/serviceaccounts/default'),
    ({ status }) => status === 200,
  );
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

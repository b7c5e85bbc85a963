/** The engine's own fixture: a wait, a change, a disruption and a load, over the toy server. */
import { z } from 'zod';
import { deviated, refused, transient } from '../../activities/failure.ts';
import { type Difference, defineKind, type Kind, type StepContext } from '../../activities/kind.ts';
import type { Second, SliceResult } from '../../dsl/window.ts';
import type { Key } from './server.ts';

const at = { url: z.string(), key: z.string() };

async function read(url: string, key: string): Promise<Key> {
  const answer = await fetch(`${url}/keys/${key}`);
  if (answer.status === 404)
    throw refused({ code: 'FD9001', where: key, what: 'there is no such key', remedy: 'Name another' });
  return (await answer.json()) as Key;
}

async function write(url: string, key: string, change: Partial<Key>, context: StepContext): Promise<void> {
  context.signal.throwIfAborted();
  const answer = await fetch(`${url}/keys/${key}`, { method: 'PUT', body: JSON.stringify(change) });
  if (answer.status === 503)
    throw transient({ code: 'FD9002', where: key, what: 'the server is busy', remedy: 'Wait' });
}

const differs = (key: string, before: Key, now: Key): Difference[] =>
  before.value === now.value && before.down === now.down
    ? []
    : [{ what: key, before: before.value, now: now.value, reason: 'changed', remedy: `set ${key} by hand` }];

const set = defineKind({
  name: 'toy/set',
  version: 1,
  summary: 'Sets a key',
  doc: 'Sets a key of the toy server to a value.',
  example: { url: 'http://127.0.0.1:1', key: 'a', value: '1' },
  input: z.strictObject({ ...at, value: z.string() }),
  output: z.object({ was: z.string() }),
  effect: 'changes',
  undoPhase: 'placement',
  timeoutMs: 20_000,
  permissions: () => [],
  snapshot: async ({ url, key }) => ({ ...(await read(url, key)) }),
  async act({ url, key, value }, snapshot, context) {
    const now = await read(url, key);
    if (now.value !== value) await write(url, key, { value }, context);
    return { done: true, output: { was: (snapshot as unknown as Key).value } };
  },
  async undo({ url, key, value }, snapshot, context) {
    const before = snapshot as unknown as Key;
    const now = await read(url, key);
    if (now.value === before.value) return { done: true, restored: 'fully' };
    if (now.value !== value) return { done: true, restored: 'partly', left: differs(key, before, now) };
    await write(url, key, { value: before.value }, context);
    return { done: true, restored: 'fully' };
  },
  compare: async ({ url, key }, snapshot) => differs(key, snapshot as unknown as Key, await read(url, key)),
});

const breaks = defineKind({
  name: 'toy/break',
  version: 1,
  summary: 'Breaks a key',
  doc: 'Makes a key of the toy server answer 503. `toothless` breaks nothing: a fault that does not bite.',
  example: { url: 'http://127.0.0.1:1', key: 'a' },
  input: z.strictObject({ ...at, toothless: z.boolean().default(false) }),
  output: z.object({ broken: z.boolean() }),
  effect: 'disrupts',
  undoPhase: 'capacity',
  timeoutMs: 20_000,
  permissions: () => [],
  snapshot: async ({ url, key }) => ({ ...(await read(url, key)) }),
  async act({ url, key, toothless }, _snapshot, context, progress) {
    context.beginFault();
    if (!toothless && !(await read(url, key)).down) await write(url, key, { down: true }, context);
    // Two calls, so that every run shows an act that goes on in a second attempt.
    return progress === undefined ? { done: false, progress: 1 } : { done: true, output: { broken: true } };
  },
  async undo({ url, key }, snapshot, context) {
    if ((await read(url, key)).down !== (snapshot as unknown as Key).down)
      await write(url, key, { down: false }, context);
    return { done: true, restored: 'fully' };
  },
  compare: async ({ url, key }, snapshot) => differs(key, snapshot as unknown as Key, await read(url, key)),
  async probe({ url, key }) {
    const { down } = await read(url, key);
    return { bitten: down, evidence: `${key} is ${down ? 'down' : 'up'}` };
  },
});

const wait = defineKind({
  name: 'toy/await',
  version: 1,
  summary: 'Waits for a value',
  doc: 'Waits until a key of the toy server has a value.',
  example: { url: 'http://127.0.0.1:1', key: 'a', value: '1' },
  input: z.strictObject({ ...at, value: z.string() }),
  output: z.object({ value: z.string(), looks: z.number().int() }),
  effect: 'reads',
  timeoutMs: 5_000,
  permissions: () => [],
  async look({ url, key, value }, context) {
    for (let looks = 1; ; looks += 1) {
      const now = await read(url, key);
      if (now.value === value) return { value, looks };
      if (Date.now() > context.deadlineMs)
        throw deviated({
          code: 'FD9003',
          where: key,
          what: `is ${now.value}, not ${value}`,
          remedy: 'Look at it',
          evidence: { last: now.value, wanted: value },
        });
      await context.sleep(50);
    }
  },
});

const load = defineKind({
  name: 'toy/load',
  version: 1,
  summary: 'Asks for a key all the time',
  doc: 'Requests to the toy server, 50 a second.',
  example: { url: 'http://127.0.0.1:1', key: 'a' },
  input: z.strictObject(at),
  output: z.null(),
  effect: 'reads',
  queue: 'traffic',
  background: true,
  timeoutMs: 600_000,
  permissions: () => [],
  look: async () => null,
  async slice({ url, key }, { fromMs, untilMs }, context): Promise<SliceResult> {
    const seconds = new Map<number, Second>();
    for (let sendMs = fromMs; sendMs < untilMs; sendMs += 20) {
      await context.sleep(Math.max(sendMs - Date.now(), 0));
      const { ok } = await fetch(`${url}/keys/${key}`);
      const second = seconds.get(Math.floor(sendMs / 1000)) ?? { at: Math.floor(sendMs / 1000), rows: [] };
      seconds.set(second.at, second);
      const name = ok ? 'ok' : 'http-5xx';
      const row = second.rows.find((one) => one.class === name);
      if (row === undefined) second.rows.push({ routed: key, served: ok ? key : '', class: name, count: 1 });
      else row.count += 1;
    }
    return {
      fromMs,
      untilMs,
      intended: (untilMs - fromMs) / 20,
      seconds: [...seconds.values()],
      latency: '',
      p50Ms: 1,
      p99Ms: 2,
      maxMs: 3,
      bytes: 0,
      unknown: [],
      sendLagP99Ms: 1,
      sendLagMaxMs: 1,
      eventLoopLagMaxMs: 1,
      pods: {},
      lastRoutedMs: { [key]: untilMs },
    };
  },
});

/** Secrets that must never reach history. `kubeconfig` is one the worker knows; the others nobody told it of. */
export const canaries = {
  kubeconfig: 'canary-of-a-kubeconfig',
  url: 'canary-in-an-url',
  password: 'canary-before-a-host',
  header: 'canary-in-a-header',
};

/** As careless as an SDK's error and as a kind that returns what it was given. */
const leak = defineKind({
  name: 'toy/leak',
  version: 1,
  summary: 'Leaks secrets',
  doc: 'Says secrets in a result, a heartbeat, a failure of ours, or an error of somebody else.',
  example: { by: 'result' },
  input: z.strictObject({ by: z.enum(['result', 'heartbeat', 'failure', 'error']) }),
  output: z.object({ said: z.string() }),
  effect: 'reads',
  timeoutMs: 20_000,
  permissions: () => [],
  async look({ by }, context) {
    const { kubeconfig, url, password, header } = canaries;
    const request = `GET https://user:${password}@host/?token=${url} with ${JSON.stringify({ Authorization: `Bearer ${header}` })} and ${kubeconfig}`;
    if (by === 'error') throw new Error(request);
    if (by === 'failure')
      throw deviated({
        code: 'FD9004',
        where: kubeconfig,
        what: request,
        remedy: request,
        evidence: { [kubeconfig]: [request], token: kubeconfig },
      });
    if (by === 'heartbeat') {
      context.heartbeat({ token: kubeconfig });
      await context.sleep(1_500);
    }
    return { said: kubeconfig };
  },
});

/** Does nothing: what a step costs the engine. */
const nothing = defineKind({
  name: 'toy/nothing',
  version: 1,
  summary: 'Does nothing',
  doc: 'Does nothing.',
  example: {},
  input: z.strictObject({}),
  output: z.null(),
  effect: 'reads',
  timeoutMs: 20_000,
  permissions: () => [],
  look: async () => null,
});

export const toyKinds: Kind[] = [set, breaks, wait, load, leak, nothing];

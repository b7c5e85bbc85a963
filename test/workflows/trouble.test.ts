import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ToyLock, toyLock } from '../toy/lock.ts';
import { startToy, type Toy } from '../toy/server.ts';
import { type Engine, startEngine, toyFleet } from './engine.ts';

let engine: Engine;
let toy: Toy;
const lock: ToyLock = toyLock();

beforeAll(async () => {
  engine = await startEngine(mkdtempSync(join(tmpdir(), 'firedrill-test-')), {
    fleet: { ...toyFleet, federation: { kubeconfig: 'x' } as never },
    ports: lock.ports,
  });
});
afterAll(() => engine.close());
beforeEach(async () => {
  await toy?.close();
  toy = await startToy({ a: '1', b: '1', c: '1', d: '1' });
  Object.assign(lock, { holder: undefined, answerMs: 0, stuck: false });
});
afterAll(() => toy.close());

const start = (runbook: string, options: Parameters<Engine['start']>[1] = {}) =>
  engine.start(`inputs:\n  toy: { type: string }\n${runbook}`, { ...options, inputs: { toy: toy.url } });
const at = (key: string, more = '') => ` { url: "\${{ inputs.toy }}", key: ${key}${more && `, ${more}`} }`;

const sets = `
name: sets
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
  - id: waits
    uses: toy/await
    timeout: 60s
    with:${at('b', 'value: go')}
`;
const waits = (state: { steps: { path: string; status: string }[] }) =>
  state.steps.some((step) => step.path === 'steps.waits' && step.status === 'running');

describe('the lock', () => {
  test('an abort while it is being taken leaves none behind', async () => {
    lock.answerMs = 1_500;
    const drill = await start(sets);
    await drill.until(() => lock.holder !== undefined);
    await drill.handle.executeUpdate('abort', { args: [{ by: 'me', reason: 'enough' }] });
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'aborted', restored: 'untouched' });
    expect(lock.holder).toBeUndefined();
  });

  test('of another run: this one touches neither the fleet nor the lock', async () => {
    lock.holder = 'another';
    const drill = await start(sets);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'broken', restored: 'untouched' });
    expect(toy.log).toEqual([]);
    expect(lock.holder).toBe('another');
  });

  test('that cannot be released: the run has its verdict all the same', async () => {
    toy.keys.get('b')!.value = 'go';
    lock.stuck = true;
    const drill = await start(sets);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
    expect((await drill.journal()).lock).toMatchObject({ state: 'held' });
  });

  test('of another run: a restore waits for nothing and undoes nothing', async () => {
    const drill = await start(sets);
    await drill.until(waits);
    await drill.handle.terminate('lost');
    lock.holder = 'another';
    await expect(engine.restore(await drill.journal())).resolves.toMatchObject({
      verdict: 'broken',
      restored: 'untouched',
    });
    expect(toy.log).toEqual(['PUT a=2']);
    lock.holder = undefined;
    await expect(engine.restore(await drill.journal())).resolves.toMatchObject({ restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
    expect(lock.holder).toBeUndefined();
  });
});

describe('a worker', () => {
  test('that is told to stop in mid-wait: the run goes on with the next one', async () => {
    const drill = await start(sets);
    await drill.until(waits);
    await sleep(1_200);
    await engine.replaceWorker();
    toy.keys.get('b')!.value = 'go';
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });

  test('that comes only after a wait’s time is over judges nothing', async () => {
    const drill = await start(sets.replace('timeout: 60s', 'timeout: 3s'));
    await drill.until(waits);
    await engine.replaceWorker(4_000);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'inconclusive', restored: 'fully' });
  });
});

describe('steps of the author’s own as undo', () => {
  test('run in the exercise, are not undone themselves', async () => {
    const drill = await start(`
name: own
steps:
  - id: changed
    uses: toy/set
    with:${at('a', "value: '2'")}
    undo:
      - uses: toy/set
        with:${at('a', "value: '1'")}
  - undo: changed
`);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });

  test('that fail and go on are no restoration', async () => {
    const drill = await start(`
name: own-fails
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
    undo:
      - uses: toy/await
        timeout: 300ms
        on-failure: continue
        with:${at('a', 'value: never')}
`);
    await expect(drill.result()).resolves.toMatchObject({ restored: 'partly' });
    expect(lock.holder).toBeDefined();
  });
});

test('the final verify sees what the set-up gave', async () => {
  const drill = await start(`
name: refers
setup:
  - id: made
    uses: toy/set
    undo: none
    with:${at('c', "value: '2'")}
verify:
  - assert: steps.made.output.was == '1'
steps:
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
recover:
  - undo: fault
`);
  await expect(drill.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
});

test('a transient failure gets its attempts and no more', async () => {
  toy.fail(100);
  const drill = await start(`
name: busy
steps:
  - uses: toy/set
    retry: { attempts: 3, backoff: 100ms }
    on-failure: continue
    with:${at('a', "value: '2'")}
  - uses: toy/await
    with:${at('b', "value: '1'")}
`);
  await drill.until((state) => state.steps[0]?.status === 'failed');
  expect(toy.attempts).toBe(3);
  toy.fail(0);
  await drill.result();
});

describe('an abort', () => {
  test('while one branch asks and others wait, ends them all', async () => {
    const drill = await start(`
name: asks
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
  - parallel:
      - id: asked
        uses: toy/await
        on-failure: ask
        timeout: 300ms
        with:${at('b', 'value: never')}
      - uses: toy/await
        timeout: 60s
        with:${at('b', 'value: never')}
      - uses: toy/set
        approval: true
        with:${at('c', "value: '2'")}
`);
    await drill.until(
      ({ steps }) =>
        steps.some((step) => step.status === 'asking') && steps.some((step) => step.status === 'approval'),
    );
    await drill.handle.executeUpdate('abort', { args: [{ by: 'me', reason: 'enough' }] });
    await expect(drill.result()).resolves.toMatchObject({ restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });

  test('in the middle of an act awaits it, and its undo comes after', async () => {
    toy.delayMs = 1_500;
    const drill = await start(sets);
    await drill.until((state) => state.steps[0]?.status === 'running');
    await sleep(500);
    await drill.handle.executeUpdate('abort', { args: [{ by: 'me', reason: 'enough' }] });
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'aborted', restored: 'fully' });
    expect(toy.keys.get('a')!.value).toBe('1');
  });
});

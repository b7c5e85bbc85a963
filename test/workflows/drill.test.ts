import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startToy, type Toy } from '../toy/server.ts';
import { type Engine, startEngine } from './engine.ts';

let engine: Engine;
let toy: Toy;
const evidence = mkdtempSync(join(tmpdir(), 'firedrill-test-'));

beforeAll(async () => {
  engine = await startEngine(evidence);
});
afterAll(() => engine.close());
beforeEach(async () => {
  await toy?.close();
  toy = await startToy({ a: '1', b: '1', c: '1', d: '1' });
});
afterAll(() => toy.close());

/** The toy's address is an input, so that the runbooks below are plain text. */
const start = (runbook: string, options: Parameters<Engine['start']>[1] = {}) =>
  engine.start(`inputs:\n  toy: { type: string }\n${runbook}`, {
    ...options,
    inputs: { toy: toy.url, ...options.inputs },
  });

const at = (key: string, more = '') => ` { url: "\${{ inputs.toy }}", key: ${key}${more && `, ${more}`} }`;

const values = () =>
  Object.fromEntries([...toy.keys].map(([name, { value, down }]) => [name, down ? 'down' : value]));

describe('a drill that goes well', () => {
  test('acts, measures, recovers in the order of the runbook and puts back the rest', async () => {
    const drill = await start(`
name: well
verify:
  - uses: toy/await
    with:${at('a', "value: '1'")}
steps:
  - id: changed
    uses: toy/set
    with:${at('b', "value: '2'")}
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - id: seen
    uses: toy/await
    with:${at('b', "value: '2'")}
  - assert: steps.changed.output.was == '1' && steps.seen.output.looks >= 1
recover:
  - undo: fault
  - uses: toy/await
    with:${at('a', "value: '1'")}
`);
    const conclusion = await drill.result();
    expect(conclusion).toMatchObject({ verdict: 'passed', restored: 'fully', causes: [] });
    expect(toy.log).toEqual(['PUT b=2', 'BREAK a', 'MEND a', 'PUT b=1']);
    expect(values()).toEqual({ a: '1', b: '1', c: '1', d: '1' });
    expect(readdirSync(conclusion.evidence).sort()).toEqual(
      expect.arrayContaining(['journal.json', 'junit.xml', 'report.html']),
    );
  });

  test('runs branches together and loops in order, and gives a loop’s outputs as a list', async () => {
    const drill = await start(`
name: blocks
steps:
  - id: each
    for-each: ['a', 'b']
    uses: toy/set
    with:
      url: \${{ inputs.toy }}
      key: \${{ item }}
      value: \${{ 'new-' + item }}
  - parallel:
      - id: left
        uses: toy/await
        with:${at('a', 'value: new-a')}
      - steps:
          - uses: toy/set
            with:${at('c', "value: '3'")}
          - uses: toy/set
            with:${at('d', "value: '4'")}
  - assert: steps.each.output.size() == 2 && steps.each.output[0].was == '1'
  - if: inputs.toy == 'nowhere'
    uses: toy/set
    with:${at('d', "value: 'never'")}
`);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
    expect(toy.log.slice(0, 4)).toEqual(['PUT a=new-a', 'PUT b=new-b', 'PUT c=3', 'PUT d=4']);
    expect(values()).toEqual({ a: '1', b: '1', c: '1', d: '1' });
  });

  test('retries what is transient and acts once all the same', async () => {
    toy.fail(2);
    const drill = await start(`
name: flaky
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
`);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });
});

describe('a drill that goes wrong', () => {
  test('a deviation ends the exercise, and recovery and undo run', async () => {
    const drill = await start(`
name: deviates
steps:
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    timeout: 1s
    with:${at('b', "value: 'never'")}
  - uses: toy/set
    with:${at('c', "value: 'not reached'")}
recover:
  - undo: fault
`);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'failed', restored: 'fully' });
    expect(toy.log).toEqual(['BREAK a', 'MEND a']);
  });

  test('a fault that does not bite makes the run broken', async () => {
    const drill = await start(`
name: toothless
steps:
  - uses: toy/break
    fault: true
    timeout: 2s
    with:${at('a', 'toothless: true')}
`);
    const { verdict, causes } = await drill.result();
    expect(verdict).toBe('broken');
    expect(causes.join()).toMatch(/did not bite/);
  });

  test('an effect that is lost before recovery makes the run broken', async () => {
    const drill = await start(`
name: lost
steps:
  - uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    with:${at('b', 'value: go')}
`);
    await drill.until((state) => state.steps.at(-1)?.status === 'running');
    toy.keys.get('a')!.down = false;
    toy.keys.get('b')!.value = 'go';
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'broken' });
  });

  test('what fails under a fault that is gone again is no failure of the system', async () => {
    const drill = await start(`
name: lost-and-failed
steps:
  - uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    timeout: 2s
    with:${at('b', 'value: never')}
`);
    await drill.until((state) => state.steps.at(-1)?.status === 'running');
    toy.keys.get('a')!.down = false;
    const { verdict, causes } = await drill.result();
    expect(verdict).toBe('broken');
    expect(causes.join()).toMatch(/its effect was gone before recovery was judged/);
  });

  test('one branch fails: its siblings’ waits end at once, running acts are awaited and undone', async () => {
    toy.delayMs = 1_000;
    const drill = await start(`
name: parallel-failure
steps:
  - parallel:
      - uses: toy/set
        with:${at('a', "value: '2'")}
      - uses: toy/await
        timeout: 60s
        with:${at('b', 'value: never')}
      - uses: toy/await
        timeout: 300ms
        with:${at('c', 'value: never')}
`);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'failed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });

  test('on-failure: continue goes on, and the verdict remembers', async () => {
    const drill = await start(`
name: continues
steps:
  - uses: toy/await
    on-failure: continue
    timeout: 300ms
    with:${at('a', 'value: never')}
  - uses: toy/set
    with:${at('b', "value: '2'")}
`);
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'failed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT b=2', 'PUT b=1']);
  });

  test('a person’s later change is left alone and reported', async () => {
    const drill = await start(`
name: meddled
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
  - uses: toy/await
    with:${at('b', 'value: go')}
`);
    await drill.until((state) => state.steps.at(-1)?.status === 'running');
    toy.keys.get('a')!.value = 'by hand';
    toy.keys.get('b')!.value = 'go';
    await expect(drill.result()).resolves.toMatchObject({ restored: 'partly' });
    expect(values()['a']).toBe('by hand');
  });
});

describe('people', () => {
  const asked = () => `
name: asks
steps:
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - id: waits
    uses: toy/await
    on-failure: ask
    timeout: 300ms
    with:${at('b', 'value: go')}
recover:
  - undo: fault
`;
  const asking = (state: { steps: { status: string }[] }) =>
    state.steps.some((step) => step.status === 'asking');

  test('retry: the step runs again, its snapshot is not taken again', async () => {
    const drill = await start(asked());
    await drill.until(asking);
    toy.keys.get('b')!.value = 'go';
    await drill.handle.executeUpdate('retry', { args: [{ step: 'steps.waits', by: 'me' }] });
    await expect(drill.result()).resolves.toMatchObject({ restored: 'fully' });
    const journal = await drill.journal();
    expect(journal.interventions).toMatchObject([{ update: 'retry', by: 'me' }]);
    expect(journal.steps.find((step) => step.path === 'steps.waits')?.verbs).toHaveLength(2);
  });

  test('skip: at best inconclusive', async () => {
    const drill = await start(asked());
    await drill.until(asking);
    await drill.handle.executeUpdate('skip', { args: [{ step: 'steps.waits', by: 'me' }] });
    const { verdict } = await drill.result();
    expect(['inconclusive', 'failed']).toContain(verdict);
  });

  test('a question nobody answers ends the run', async () => {
    const drill = await start(asked().replace('on-failure: ask', 'on-failure: ask\n    ask-within: 1s'));
    const { verdict } = await drill.result();
    expect(verdict).not.toBe('passed');
    expect(toy.log).toEqual(['BREAK a', 'MEND a']);
  });

  test('a scheduled run asks nobody', async () => {
    const drill = await start(asked(), { scheduled: true });
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'failed', restored: 'fully' });
  });

  test('approve: nothing is touched before; a refusal touches nothing', async () => {
    const runbook = `
name: approved
steps:
  - id: fault
    uses: toy/break
    fault: true
    approval: { within: 1m }
    with:${at('a')}
`;
    const approval = (state: { steps: { status: string }[] }) =>
      state.steps.some((step) => step.status === 'approval');
    const yes = await start(runbook);
    await yes.until(approval);
    expect(toy.log).toEqual([]);
    await expect(
      yes.handle.executeUpdate('approve', { args: [{ step: 'steps.nothing', by: 'me', approved: true }] }),
    ).rejects.toThrow();
    await yes.handle.executeUpdate('approve', { args: [{ step: 'steps.fault', by: 'me', approved: true }] });
    await expect(yes.result()).resolves.toMatchObject({ verdict: 'passed', restored: 'fully' });
    expect(toy.log).toEqual(['BREAK a', 'MEND a']);

    const no = await start(runbook);
    await no.until(approval);
    await no.handle.executeUpdate('approve', { args: [{ step: 'steps.fault', by: 'me', approved: false }] });
    await expect(no.result()).resolves.toMatchObject({ verdict: 'aborted', restored: 'untouched' });
    expect(toy.log).toEqual(['BREAK a', 'MEND a']);
  });

  test('abort in mid-wait, and cancel in the Web UI: undone, and aborted', async () => {
    const runbook = `
name: aborted
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
  - uses: toy/await
    timeout: 60s
    with:${at('b', 'value: never')}
`;
    for (const end of ['abort', 'cancel']) {
      const drill = await start(runbook);
      await drill.until((state) => state.steps.at(-1)?.status === 'running');
      if (end === 'abort')
        await drill.handle.executeUpdate('abort', { args: [{ by: 'me', reason: 'enough' }] });
      else await drill.handle.cancel();
      await expect(drill.result()).resolves.toMatchObject({ verdict: 'aborted', restored: 'fully' });
      expect(values()['a']).toBe('1');
    }
  });

  test('pause holds the next act; between fault and healthy it needs force', async () => {
    const drill = await start(`
name: pauses
steps:
  - uses: toy/await
    with:${at('b', 'value: go')}
  - uses: toy/set
    with:${at('a', "value: '2'")}
`);
    await drill.until((state) => state.steps[0]?.status === 'running');
    await drill.handle.executeUpdate('pause', { args: [{ by: 'me', force: false }] });
    toy.keys.get('b')!.value = 'go';
    await drill.until((state) => state.steps[0]?.status === 'done');
    expect(toy.log).toEqual([]);
    await drill.handle.executeUpdate('resume', { args: [{ by: 'me' }] });
    await drill.result();
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });
});

describe('background traffic', () => {
  test('windows over it are judged, it outlives the exercise, and no second is missing', async () => {
    const drill = await start(`
name: load
steps:
  - id: users
    uses: toy/load
    background: true
    with:${at('a')}
  - uses: toy/await
    timeout: 5s
    on-failure: continue
    with:${at('b', 'value: never')}
  - assert: window('users', '3s').availability == 1.0 && window('users', '3s').requests >= 100
`);
    await drill.result();
    const journal = await drill.journal();
    expect(journal.records).toContainEqual(expect.objectContaining({ record: 'assert', holds: true }));
    const seconds = journal.traffic[0]!.slices.flatMap((slice) =>
      slice.seconds.map((second) => second.at),
    ).sort();
    expect(new Set(seconds).size).toBe(seconds.length);
    expect(seconds.at(-1)! - seconds[0]! + 1).toBe(seconds.length);
  });
});

describe('a run that was terminated', () => {
  test('is finished by restore: the runbook’s way back, then what is left', async () => {
    const drill = await start(`
name: terminated
steps:
  - uses: toy/set
    with:${at('b', "value: '2'")}
  - id: fault
    uses: toy/break
    fault: true
    with:${at('a')}
  - uses: toy/await
    timeout: 60s
    with:${at('c', 'value: never')}
recover:
  - undo: fault
  - uses: toy/set
    with:${at('d', 'value: recovered')}
`);
    await drill.until((state) =>
      state.steps.some((step) => step.kind === 'toy/await' && step.status === 'running'),
    );
    await drill.handle.terminate('lost');
    const journal = await drill.journal();
    const conclusion = await engine.restore(journal);
    expect(conclusion).toMatchObject({ restored: 'fully' });
    expect(toy.log).toEqual(['PUT b=2', 'BREAK a', 'MEND a', 'PUT d=recovered', 'PUT b=1']);
    // Once more finds nothing to do.
    await engine.restore(journal);
    expect(toy.log).toHaveLength(5);
  });
});

describe('an assert', () => {
  const asserted = (word: string) => `
name: asserts
steps:
  - uses: toy/set
    with:${at('a', "value: '2'")}
  - assert: 1 == 2
    ${word}
  - uses: toy/set
    with:${at('b', "value: '2'")}
`;

  test('that is false fails the verdict, not the engine', async () => {
    const drill = await start(asserted('name: Never'));
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'failed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT b=2', 'PUT b=1', 'PUT a=1']);
  });

  test('with on-failure: stop lets nothing more happen', async () => {
    const drill = await start(asserted('on-failure: stop'));
    await expect(drill.result()).resolves.toMatchObject({ verdict: 'failed', restored: 'fully' });
    expect(toy.log).toEqual(['PUT a=2', 'PUT a=1']);
  });
});

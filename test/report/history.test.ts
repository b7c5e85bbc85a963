import { describe, expect, test } from '@jest/globals';
import { journalOf } from '../../report/history.ts';
import { judge } from '../../report/verdict.ts';
import { at, faultStep, planOf, slicesOf, step } from './build.ts';
import { drillHistory, ourFailure, payloads, writeHistory } from './history-events.ts';

const execution = { workflowId: 'scenario-b-1', runId: '0199-1' };
const fault = faultStep();
const users = step('steps.users', 'traffic/generate', { background: true });
const plan = planOf({ steps: [users, fault] }, { victim: 'aks1' });
const details = {
  code: 'FD3301',
  what: 'still 5/3/1',
  where: 'demo/hello',
  remedy: 'Look',
  evidence: { series: [] },
};
const call = (path: string, more: object = {}) => ({
  step: path,
  title: 'a title',
  input: { cluster: 'aks1' },
  deadlineMs: 1,
  attempts: 3,
  fault: false,
  ...more,
});

describe('journalOf', () => {
  test('reads the run, its acts and the fault clock', () => {
    const written = drillHistory(plan);
    written.ran(
      1,
      2,
      'engine/preflight/1',
      'engine.preflight',
      {},
      { findings: [{ severity: 'warning', code: 'FD3150', where: 'x', what: 'y', remedy: 'z' }] },
    );
    written.ran(2, 3, 'engine/lock/1', 'engine.lock', {}, { holder: 'me', where: 'lease firedrill' });
    written.record(3, { record: 'section', section: 'steps' });
    written.ran(
      4,
      5,
      'engine/guard/1',
      'engine.guard',
      { step: fault.path, uses: fault.uses, input: {}, deadlineMs: 1 },
      { allowed: true },
    );
    written.ran(5, 6, `${fault.path}/snapshot/1`, 'kubernetes/drain.snapshot', call(fault.path), {
      result: { nodes: ['a'] },
      attempt: 1,
    });
    written.ran(
      6,
      8,
      `${fault.path}/act/1`,
      'kubernetes/drain.act',
      call(fault.path, { fault: true, snapshot: { nodes: ['a'] } }),
      { result: { done: true, output: {} }, faultAtMs: at(6.5), attempt: 1 },
    );
    written.ran(9, 10, 'engine/unlock/1', 'engine.unlock', {}, { released: true });
    written.add(11, { workflowExecutionCompletedEventAttributes: {} });

    const journal = journalOf(written.history(), execution);
    expect(journal).toMatchObject({
      run: 'scenario-b-1',
      options: { requestedBy: 'mina', scheduled: false },
      startedMs: at(0),
      ended: 'completed',
      endedMs: at(11),
      faultAtMs: at(6.5),
      lock: { state: 'released', where: 'lease firedrill' },
      sections: { steps: at(3) },
      findings: [{ severity: 'warning', code: 'FD3150' }],
    });
    expect(journal.steps).toHaveLength(1);
    expect(journal.steps[0]).toMatchObject({
      path: fault.path,
      title: fault.title,
      uses: 'kubernetes/drain',
      verbs: [
        { verb: 'guard', n: 1, result: { allowed: true } },
        { verb: 'snapshot', result: { nodes: ['a'] } },
        {
          verb: 'act',
          input: { cluster: 'aks1' },
          snapshot: { nodes: ['a'] },
          result: { done: true, output: {} },
          attempts: 1,
          scheduledMs: at(6),
          endedMs: at(8),
        },
      ],
    });
  });

  test('is the same from the SDK objects and from proto JSON', () => {
    const written = drillHistory(plan);
    written.record(1, { record: 'section', section: 'steps' });
    written.ran(5, 6, `${fault.path}/snapshot/1`, 'kubernetes/drain.snapshot', call(fault.path), {
      result: null,
      attempt: 1,
    });
    written.update(7, 'abort', { by: 'mina', reason: 'enough' });
    expect(journalOf(written.json(), execution)).toEqual(journalOf(written.history(), execution));
  });

  test('tells failed, retried, timed out, cancelled and unfinished apart', () => {
    const written = drillHistory(plan);
    const failed = written.scheduled(1, 'steps.a/look/1', 'k/a.look', call('steps.a'));
    written.started(1, failed, 3, ourFailure('transient', details));
    written.failed(2, failed, ourFailure('deviated', details));
    const lost = written.scheduled(3, 'steps.b/look/1', 'k/b.look', call('steps.b'));
    written.started(3, lost, 2, ourFailure('transient', { ...details, what: '503' }));
    written.timedOut(4, lost);
    const dropped = written.scheduled(5, 'steps.c/look/1', 'k/c.look', call('steps.c'));
    written.cancelled(6, dropped);
    written.scheduled(7, 'steps.d/look/1', 'k/d.look', call('steps.d'));
    const crashed = written.scheduled(8, 'steps.e/look/1', 'k/e.look', call('steps.e'));
    written.failed(9, crashed, { message: 'x is undefined', applicationFailureInfo: { type: 'TypeError' } });

    const verbs = journalOf(written.history(), execution).steps.map((one) => one.verbs[0]);
    expect(verbs[0]).toMatchObject({
      attempts: 3,
      failure: { type: 'deviated', code: 'FD3301', evidence: { series: [] } },
    });
    expect(verbs[1]).toMatchObject({
      attempts: 2,
      unworked: true,
      failure: { type: 'unjudged', what: expect.stringContaining('503') },
    });
    expect(verbs[2]).toMatchObject({ cancelled: true });
    expect(verbs[2]).not.toHaveProperty('failure');
    expect(verbs[3]).not.toHaveProperty('endedMs');
    expect(verbs[3]).toMatchObject({ attempts: 0 });
    expect(verbs[4]).toMatchObject({ failure: { type: 'TypeError', what: 'x is undefined' } });
  });

  test('names the instances of a loop and the verification after recovery by their own paths', () => {
    const written = drillHistory(
      planOf({ verify: [step('verify.pods', 'kubernetes/await-pods', { title: 'Pods' })] }),
    );
    written.ran(1, 2, 'verify.pods[2]/look/1', 'kubernetes/await-pods.look', call('verify.pods[2]'), {
      result: {},
      attempt: 1,
    });
    written.ran(
      3,
      4,
      'final.verify.pods[2]/look/1',
      'kubernetes/await-pods.look',
      call('final.verify.pods[2]'),
      { result: {}, attempt: 1 },
    );
    expect(journalOf(written.history(), execution).steps.map(({ path, title }) => ({ path, title }))).toEqual(
      [
        { path: 'verify.pods[2]', title: 'Pods' },
        { path: 'final.verify.pods[2]', title: 'Pods, once more' },
      ],
    );
  });

  test('keeps what people said, a cancellation from the Web UI among it', () => {
    const written = drillHistory(plan);
    written.update(1, 'approve', { step: fault.path, by: 'joon', approved: true });
    written.add(2, { workflowExecutionCancelRequestedEventAttributes: { identity: 'web-ui' } });
    expect(journalOf(written.history(), execution).interventions).toMatchObject([
      { atMs: at(1), update: 'approve', by: 'joon', payload: { approved: true } },
      { atMs: at(2), update: 'abort', by: 'web-ui' },
    ]);
  });

  test('counts a lost slice, an unknown span and a missing slice as gaps, one that runs as none', () => {
    const [a, b, c] = slicesOf(5, 25, () => []);
    const written = drillHistory(plan);
    const slice = (k: number, from: number) =>
      [
        `${users.path}/slice/${k}`,
        'traffic/generate.slice',
        call(users.path, { window: { fromMs: at(from), untilMs: at(from + 5) } }),
      ] as const;
    written.record(4, { record: 'traffic', path: users.path, startedMs: at(5), sliceMs: 5000 });
    written.ran(4, 10, ...slice(0, 5), { result: a, attempt: 1 });
    const lost = written.scheduled(9, ...slice(1, 10));
    written.timedOut(16, lost);
    written.ran(14, 20, ...slice(2, 15), {
      result: { ...c!, unknown: [{ fromMs: at(15), untilMs: at(16) }] },
      attempt: 2,
    });
    written.ran(24, 30, ...slice(4, 25), { result: { ...b!, fromMs: at(25), untilMs: at(30) }, attempt: 1 });
    written.scheduled(29, ...slice(5, 30));

    const [stream] = journalOf(written.history(), execution).traffic;
    expect(stream?.slices.map(({ fromMs }) => fromMs)).toEqual([at(5), at(15), at(25)]);
    expect(stream?.gaps).toMatchObject([
      { fromMs: at(10), untilMs: at(16) },
      { fromMs: at(20), untilMs: at(25) },
    ]);
  });

  test('a lock that is held by somebody else breaks the run, in his words', () => {
    const written = drillHistory(plan);
    written.ran(1, 2, 'engine/preflight/1', 'engine.preflight', {}, { findings: [] });
    const lock = written.scheduled(2, 'engine/lock/1', 'engine.lock', {});
    written.failed(
      3,
      lock,
      ourFailure('broken', { ...details, where: 'lease firedrill', what: 'held by nightly-1' }),
    );
    written.record(3, {
      record: 'error',
      path: 'lock',
      code: 'FD6020',
      what: 'held by nightly-1',
      remedy: '',
      failure: 'broken',
    });
    const judged = judge(journalOf(written.history(), execution));
    expect(judged).toMatchObject({
      verdict: 'broken',
      restored: 'untouched',
      causes: [{ kind: 'fleet-busy' }],
    });
  });

  test('controls that could not be done saw nothing', () => {
    const written = drillHistory(plan);
    const controls = written.scheduled(1, 'engine/controls/1', 'engine.controls', {});
    written.failed(2, controls, ourFailure('unjudged', details));
    expect(journalOf(written.history(), execution).controls).toMatchObject({
      positive: { seen: false },
      negative: { seen: false },
    });
  });

  test('reads the restore of a drill', () => {
    const written = writeHistory('restore', { plan, run: 'scenario-b-1', entries: [] });
    written.ran(1, 2, `${fault.path}/undo/1`, 'kubernetes/drain.undo', call(fault.path), {
      result: { done: true, restored: 'fully' },
      attempt: 1,
    });
    written.ran(2, 3, `${fault.path}/compare/1`, 'kubernetes/drain.compare', call(fault.path), {
      result: { left: [] },
      attempt: 1,
    });
    const journal = journalOf(written.history(), { workflowId: 'restore-1', runId: 'x' });
    expect(journal).toMatchObject({ run: 'restore-1', restores: 'scenario-b-1' });
    expect(judge(journal)).toMatchObject({ restored: 'fully', verdict: 'broken' });
  });

  test('refuses what is no history of a drill', () => {
    expect(() => journalOf({ events: [] }, execution)).toThrow('not a history');
    expect(() => journalOf(writeHistory('other', 1).history(), execution)).toThrow('not a drill: other');
    const odd = drillHistory(plan);
    odd.add(1, {
      markerRecordedEventAttributes: {
        markerName: 'core_local_activity',
        details: { result: { payloads: [{ metadata: { encoding: new Uint8Array([120]) } }] } },
      },
    });
    odd.add(1, {
      markerRecordedEventAttributes: { markerName: 'Version', details: { result: payloads(1) } },
    });
    expect(journalOf(odd.history(), execution).records).toEqual([]);
  });
});

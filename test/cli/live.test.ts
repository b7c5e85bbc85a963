import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { frame } from '../../cli/live/frame.ts';
import { changes } from '../../cli/live/lines.ts';
import { bar, columnsOf, elapsed, fit, plain } from '../../cli/live/text.ts';
import { emptyView, nextView, ratesOf, readyIn, type View } from '../../cli/live/view.ts';
import type { SliceResult } from '../../dsl/window.ts';
import type { RunState, StepState } from '../../workflows/protocol.ts';

const nowMs = 1_000_000_000;
const options = { columns: 80, rows: 24, colour: false, nowMs };

function step(path: string, status: StepState['status'], more: Partial<StepState> = {}): StepState {
  return { path, title: `Title of ${path}`, kind: 'toy/set', status, ...more };
}

function state(steps: StepState[], more: Partial<RunState> = {}): RunState {
  const empty = { traffic: {}, findings: [] };
  return { runbook: 'scenario-b', phase: 'steps', startedMs: nowMs - 42_000, steps, ...empty, ...more };
}

function slice(at: number, rows: { routed: string; class?: 'ok' | 'timeout'; count: number }[]): SliceResult {
  const full = rows.map((row) => ({ served: row.routed, class: 'ok' as const, ...row }));
  return { seconds: [{ at, rows: full }] } as unknown as SliceResult;
}

const view: View = {
  state: state(
    [
      step('setup.join', 'done', { startedMs: nowMs - 40_000, endedMs: nowMs - 38_000 }),
      step('steps.fault', 'failed', {
        startedMs: nowMs - 4000,
        endedMs: nowMs,
        error: 'aks1: the drain\nhangs',
      }),
      step('steps.rescheduled', 'running', { startedMs: nowMs - 3500 }),
      step('recover.0', 'pending'),
    ],
    { faultAtMs: nowMs - 4000, victim: 'aks1' },
  ),
  ready: { aks1: 0, aks2: 7, k3s: 2 },
  traffic: { routed: { aks1: 1, aks2: 33, k3s: 16 }, failed: 3, untilMs: nowMs },
  notice: undefined,
};

test('a picture at 80 columns', () => {
  expect(frame(view, options).map((line) => line.trimEnd())).toMatchInlineSnapshot(`
[
  "scenario-b  ·  the exercise  ·  42.0s  ·  fault + 4.0s",
  "",
  " ✓ setup                  1 step                                           2.0s",
  " ✗ steps.fault            Title of steps.fault                             4.0s",
  "    aks1: the drain hangs",
  " ▶ steps.rescheduled      Title of steps.rescheduled                       3.5s",
  " · recover.0              Title of recover.0",
  "",
  "  aks1                            0 ready  ▋                       1 req/s",
  "  aks2    █████████████████████   7 ready  █████████████████████  33 req/s",
  "  k3s     ██████                  2 ready  ██████████▏            16 req/s",
  "  failed  3 req/s",
]
`);
});

test('no line is wider than the terminal, whatever the titles, at any width', () => {
  const width = fc.integer({ min: 41, max: 140 });
  fc.assert(
    fc.property(width, fc.string({ unit: 'grapheme' }), fc.string(), (columns, title, error) => {
      const steps = [
        step('steps.시나리오', 'failed', { title, error, startedMs: nowMs }),
        step('steps.b', 'asking'),
      ];
      const lines = frame({ ...view, state: state(steps), notice: error }, { ...options, columns });
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    }),
  );
});

test('many steps: those around the newest stay in sight, and the picture fits the rows', () => {
  const steps = Array.from({ length: 60 }, (_, index) =>
    step(`steps.s${index}`, index < 40 ? 'done' : 'pending'),
  );
  const lines = frame({ ...view, state: state(steps) }, options);
  expect(lines.length).toBeLessThan(24);
  expect(lines.join('\n')).toContain('steps.s39');
  expect(lines.join('\n')).toContain('steps.s40');
});

test('a title cannot steer the terminal', () => {
  const steps = [step('steps.a', 'running', { title: 'x\u001b[2J\u0007y' })];
  const text = frame({ ...view, state: state(steps) }, options).join('\n');
  expect(text).not.toContain('\u001b');
  expect(plain('a\u001b[31m\nb')).toBe('a[31m b');
});

test('before a worker has answered there is a notice, or a word', () => {
  expect(frame({ ...emptyView, notice: 'no worker answers yet' }, options)[0]).toContain('no worker');
  expect(frame(emptyView, options)).toHaveLength(1);
});

test('where there is no terminal: a line a change, and none without one', () => {
  const started = nextView(emptyView, state([step('steps.a', 'pending')], { phase: 'setup' }), [], undefined);
  expect(changes(emptyView, started)).toEqual(['phase     setup']);
  const running = {
    ...started,
    state: state([step('steps.a', 'running')], { faultAtMs: 0, victim: 'aks1' }),
  };
  expect(changes(started, running)).toEqual([
    'phase     steps',
    'fault     1970-01-01T00:00:00.000Z on aks1',
    'running   steps.a  Title of steps.a',
  ]);
  expect(changes(running, running)).toEqual([]);
  expect(changes(running, { ...running, ready: { k3s: 2, aks2: 7 } })).toEqual(['ready     aks2 7  k3s 2']);
});

test('what is put back, and by whom it is aborted, is told', () => {
  const before = { ...emptyView, state: state([step('steps.a', 'done')]) };
  const aborting = { by: 'ann', reason: 'enough' };
  const after = { ...before, state: state([step('steps.a', 'done', { undone: 'partly' })], { aborting }) };
  expect(changes(before, after)).toEqual(['aborting  by ann: enough', 'undo      steps.a  partly']);
});

test('ready replicas come from the last point of a series, and stay when none is told', () => {
  const progress = {
    series: [
      { atMs: 1, ready: { aks1: 5 } },
      { atMs: 2, ready: { aks1: 4, aks2: 3 } },
    ],
  };
  expect(readyIn(progress)).toEqual({ aks1: 4, aks2: 3 });
  expect(readyIn({ series: [{ atMs: 1, pods: 2, ready: 1 }] })).toBeUndefined();
  expect(readyIn({ series: [] })).toBeUndefined();
  expect(readyIn('x')).toBeUndefined();
  const first = nextView(emptyView, undefined, [progress], undefined);
  expect(nextView(first, undefined, [{ last: 'x' }], undefined).ready).toEqual({ aks1: 4, aks2: 3 });
});

test('rates are of the newest seconds, by who routed; failures apart', () => {
  const slices = [
    slice(10, [{ routed: 'aks1', count: 90 }]),
    slice(11, [
      { routed: 'aks1', count: 20 },
      { routed: '', class: 'timeout', count: 4 },
    ]),
    slice(12, [{ routed: 'aks1', count: 40 }]),
  ];
  expect(ratesOf({ users: slices })).toEqual({ routed: { aks1: 30 }, failed: 2, untilMs: 13_000 });
  expect(ratesOf({ users: slices.slice(0, 1) })).toEqual({
    routed: { aks1: 90 },
    failed: 0,
    untilMs: 11_000,
  });
  expect(ratesOf({})).toBeUndefined();
});

test('text is fitted to columns, not to characters', () => {
  expect(fit('가나다', 5)).toBe('가나…');
  expect(fit('가나다', 4)).toBe('가… ');
  expect(fit('ab', 4)).toBe('ab  ');
  expect([elapsed(0), elapsed(4240), elapsed(65_000)]).toEqual(['0.0s', '4.2s', '1m05s']);
});

test('a bar is never longer than its room and full at its most', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 40 }), (value, most, columns) => {
      expect(columnsOf(bar(value, most, columns))).toBe(columns);
    }),
  );
  expect(bar(4, 4, 3)).toBe('███');
  expect(bar(1, 2, 1)).toBe('▌');
});

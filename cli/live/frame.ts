/** One picture of a run for a terminal. Pure: the same view gives the same lines. */
import { styleText } from 'node:util';
import type { Phase, RunState, StepState, StepStatus } from '../../workflows/protocol.ts';
import { bar, elapsed, fit, plain } from './text.ts';
import type { View } from './view.ts';

export interface FrameOptions {
  columns: number;
  rows: number;
  colour: boolean;
  nowMs: number;
}

type Style = Parameters<typeof styleText>[0];

const marks: Record<StepStatus, { mark: string; style: Style }> = {
  pending: { mark: '·', style: 'dim' },
  approval: { mark: '?', style: 'yellow' },
  running: { mark: '▶', style: 'cyan' },
  asking: { mark: '?', style: 'yellow' },
  done: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  skipped: { mark: '–', style: 'dim' },
  cancelled: { mark: '–', style: 'dim' },
};

const phases: Record<Phase, string> = {
  preflight: 'preflight: is everything sound?',
  lock: 'locking the fleet',
  setup: 'setting up',
  verify: 'verifying the steady state',
  steps: 'the exercise',
  recover: 'recovering',
  restore: 'putting back what is left',
  archive: 'judging, writing the evidence',
  done: 'done',
};

export function frame(view: View, options: FrameOptions): string[] {
  const columns = Math.max(40, Math.min(options.columns, 120)) - 1;
  const paint = (style: Style, text: string) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const { state } = view;
  const notice = view.notice === undefined ? [] : [paint('yellow', fit(`! ${plain(view.notice)}`, columns))];
  if (state === undefined)
    return notice.length > 0 ? notice : [fit('waiting for the first step ...', columns)];
  const head = paint('bold', fit(headline(state, options.nowMs), columns));
  const clusters = clusterLines(view, columns, paint);
  const room = Math.max(3, options.rows - clusters.length - notice.length - 4);
  return [
    head,
    '',
    ...stepLines(state, room, columns, options.nowMs, paint),
    ...(clusters.length === 0 ? [] : ['', ...clusters]),
    ...notice,
  ];
}

function headline(state: RunState, nowMs: number): string {
  const parts = [state.runbook, phases[state.phase], elapsed(nowMs - state.startedMs)];
  if (state.faultAtMs !== undefined) parts.push(`fault + ${elapsed(nowMs - state.faultAtMs)}`);
  if (state.aborting !== undefined) parts.push(`aborted by ${plain(state.aborting.by)}`);
  else if (state.paused !== undefined) parts.push(`paused by ${plain(state.paused.by)}`);
  return parts.join('  ·  ');
}

/** The steps around the newest one that began, as many as there is room for. */
function stepLines(
  state: RunState,
  room: number,
  columns: number,
  nowMs: number,
  paint: (style: Style, text: string) => string,
): string[] {
  const lines = state.steps.flatMap((step) => {
    const { mark, style } = marks[step.status];
    const error = step.error === undefined ? [] : [paint('red', fit(`    ${plain(step.error)}`, columns))];
    return [paint(style, fit(` ${mark} ${stepText(step, columns - 3, nowMs)}`, columns)), ...error];
  });
  if (lines.length <= room) return lines;
  const active = state.steps.findLastIndex((step) => step.status !== 'pending');
  const before = state.steps.slice(0, active + 1);
  const last = before.length + before.filter((step) => step.error !== undefined).length;
  const from = Math.max(0, Math.min(last - Math.ceil(room * 0.7), lines.length - room));
  return lines.slice(from, from + room);
}

function stepText(step: StepState, columns: number, nowMs: number): string {
  const time = step.startedMs === undefined ? '' : elapsed((step.endedMs ?? nowMs) - step.startedMs);
  const state = stateWord(step);
  const right = [state, time].filter((part) => part !== '').join('  ');
  const left = `${fit(step.path, 22)} ${plain(step.title)}`;
  return `${fit(left, columns - right.length - 1)} ${right}`;
}

function stateWord(step: StepState): string {
  if (step.undone !== undefined)
    return step.undone === 'running' ? 'putting back' : `put back ${step.undone}`;
  if (step.status === 'approval') return 'waits for approval';
  if (step.status === 'asking') return 'asks: retry, skip or abort';
  return '';
}

const FAILED = 'failed';

function clusterLines(view: View, columns: number, paint: (style: Style, text: string) => string): string[] {
  const routed = view.traffic?.routed ?? {};
  const names = [...new Set([...Object.keys(view.ready), ...Object.keys(routed)])].sort();
  if (names.length === 0) return [];
  const label = Math.min(14, Math.max(FAILED.length, ...names.map((name) => name.length)));
  const width = Math.floor((columns - label - 30) / 2);
  const mostReady = Math.max(1, ...Object.values(view.ready));
  const mostRouted = Math.max(1, ...Object.values(routed));
  const rows = names.map((name) => {
    const ready = view.ready[name];
    const pods = ready === undefined ? ' '.repeat(width + 10) : measure(ready, mostReady, width, 'ready');
    const rate = measure(Math.round(routed[name] ?? 0), mostRouted, width, 'req/s');
    const isVictim = name === view.state?.victim && view.state.faultAtMs !== undefined;
    return `  ${paint(isVictim ? 'red' : 'bold', fit(name, label))}  ${pods}  ${view.traffic ? rate : ''}`;
  });
  const failed = Math.round(view.traffic?.failed ?? 0);
  return failed > 0 ? [...rows, paint('red', `  ${fit(FAILED, label)}  ${failed} req/s`)] : rows;
}

function measure(value: number, most: number, columns: number, unit: string): string {
  return fit(`${bar(value, most, columns)} ${String(value).padStart(3)} ${unit}`, columns + 10);
}

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

interface Row {
  line: string;
  /** It began: rows around the last of these stay in sight. */
  began: boolean;
}

/** A section that went well is one line; else the steps around the newest one, as many as there is room for. */
function stepLines(
  state: RunState,
  room: number,
  columns: number,
  nowMs: number,
  paint: (style: Style, text: string) => string,
): string[] {
  const rows = [...bySection(state.steps)].flatMap(([section, steps]) => {
    if (section !== state.phase && steps.every(wentWell)) return [foldedRow(section, steps, columns, paint)];
    return steps.flatMap((step) => stepRows(step, columns, nowMs, paint));
  });
  const last = rows.findLastIndex((row) => row.began) + 1;
  const from = Math.max(0, Math.min(last - Math.ceil(room * 0.7), rows.length - room));
  return rows.slice(from, from + room).map((row) => row.line);
}

function bySection(steps: StepState[]): Map<string, StepState[]> {
  return Map.groupBy(steps, (step) => step.path.split('.')[0]!);
}

function wentWell(step: StepState): boolean {
  return (step.status === 'done' || step.status === 'skipped') && (step.undone ?? 'fully') === 'fully';
}

function foldedRow(
  section: string,
  steps: StepState[],
  columns: number,
  paint: (style: Style, text: string) => string,
): Row {
  const began = Math.min(...steps.flatMap((step) => step.startedMs ?? []));
  const ended = Math.max(...steps.flatMap((step) => step.endedMs ?? []));
  const time = Number.isFinite(ended - began) ? elapsed(ended - began) : '';
  const left = `${fit(section, 22)} ${steps.length} step${steps.length === 1 ? '' : 's'}`;
  const line = ` ${marks.done.mark} ${fit(left, columns - 4 - time.length)} ${time}`;
  return { line: paint('green', fit(line, columns)), began: true };
}

function stepRows(
  step: StepState,
  columns: number,
  nowMs: number,
  paint: (style: Style, text: string) => string,
): Row[] {
  const { mark, style } = marks[step.status];
  const began = step.status !== 'pending';
  const line = paint(style, fit(` ${mark} ${stepText(step, columns - 3, nowMs)}`, columns));
  if (step.error === undefined) return [{ line, began }];
  return [
    { line, began },
    { line: paint('red', fit(`    ${plain(step.error)}`, columns)), began },
  ];
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

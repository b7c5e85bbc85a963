/** The live view where there is no terminal: one plain line a change. Pure. */
import type { RunState, StepState } from '../../workflows/protocol.ts';
import { elapsed, plain } from './text.ts';
import type { View } from './view.ts';

/** Rates change all the time; a line of them this often is enough. */
const RATES_EVERY_MS = 5000;

/** Lines for what is new in `now`. */
export function changes(before: View, now: View): string[] {
  const lines: string[] = [];
  if (now.notice !== undefined && now.notice !== before.notice) lines.push(`! ${plain(now.notice)}`);
  if (now.state === undefined) return lines;
  lines.push(...runChanges(before.state, now.state));
  const old = new Map(before.state?.steps.map((step) => [step.path, step]));
  for (const step of now.state.steps) lines.push(...stepChanges(old.get(step.path), step));
  if (JSON.stringify(before.ready) !== JSON.stringify(now.ready))
    lines.push(`ready     ${counts(now.ready)}`);
  const rates = now.traffic;
  if (rates !== undefined && windowOf(before.traffic?.untilMs) !== windowOf(rates.untilMs))
    lines.push(`req/s     ${counts(rates.routed)}  failed ${Math.round(rates.failed)}`);
  return lines;
}

const windowOf = (untilMs: number | undefined) => Math.floor((untilMs ?? 0) / RATES_EVERY_MS);

function runChanges(before: RunState | undefined, now: RunState): string[] {
  const lines: string[] = [];
  if (before?.phase !== now.phase) lines.push(`phase     ${now.phase}`);
  if (before?.faultAtMs === undefined && now.faultAtMs !== undefined)
    lines.push(`fault     ${new Date(now.faultAtMs).toISOString()}${now.victim ? ` on ${now.victim}` : ''}`);
  if (before?.aborting === undefined && now.aborting !== undefined)
    lines.push(`aborting  by ${plain(now.aborting.by)}: ${plain(now.aborting.reason)}`);
  if (before?.paused?.by !== now.paused?.by)
    lines.push(now.paused === undefined ? 'resumed' : `paused    by ${plain(now.paused.by)}`);
  const known = before?.findings.length ?? 0;
  for (const finding of now.findings.slice(known))
    if (finding.severity !== 'ok')
      lines.push(
        `${finding.severity.padEnd(9)} ${finding.code} ${plain(`${finding.where}: ${finding.what}`)}`,
      );
  return lines;
}

function stepChanges(before: StepState | undefined, now: StepState): string[] {
  const lines: string[] = [];
  if (now.status !== (before?.status ?? 'pending')) {
    const ended = now.endedMs !== undefined && now.startedMs !== undefined;
    const time = ended ? ` (${elapsed(now.endedMs! - now.startedMs!)})` : '';
    const error = now.error === undefined ? '' : `: ${plain(now.error)}`;
    lines.push(`${now.status.padEnd(9)} ${now.path}  ${plain(now.title)}${time}${error}`);
  }
  if (now.undone !== undefined && now.undone !== before?.undone)
    lines.push(`undo      ${now.path}  ${now.undone === 'running' ? 'begins' : now.undone}`);
  return lines;
}

function counts(of: Record<string, number>): string {
  return Object.entries(of)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${Math.round(count)}`)
    .join('  ');
}

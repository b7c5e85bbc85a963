/** What the engine's own activities found: preflight, lock, controls. */
import type { ControlResult, PreflightFinding } from '../../workflows/protocol.ts';
import type { Journal } from '../journal.ts';
import type { Activity } from './activities.ts';

function last(engine: Activity[], name: string): Activity | undefined {
  return engine.findLast((activity) => activity.type === `engine.${name}`);
}

/** Preflight's findings, and one for the preflight or the lock that could not be done at all. */
export function engineFindings(engine: Activity[]): PreflightFinding[] {
  const found =
    (last(engine, 'preflight')?.result as { findings?: PreflightFinding[] } | undefined)?.findings ?? [];
  const undone = ['preflight', 'lock'].flatMap((name) => {
    const failure = last(engine, name)?.failure;
    return failure === undefined ? [] : [failure];
  });
  return [
    ...found,
    ...undone.map(({ code, what, where, remedy }) => ({
      severity: 'error' as const,
      code,
      where,
      what,
      remedy,
    })),
  ];
}

export function lockOf(engine: Activity[]): Journal['lock'] {
  const lock = last(engine, 'lock');
  if (lock?.failure !== undefined) return { state: 'busy', where: lock.failure.where || lock.failure.what };
  if (lock?.result === undefined) return undefined;
  const released = (last(engine, 'unlock')?.result as { released?: boolean } | undefined)?.released === true;
  return { state: released ? 'released' : 'held', where: (lock.result as { where?: string }).where ?? '' };
}

/** Controls that could not be done saw nothing. */
export function controlsOf(engine: Activity[]): Journal['controls'] {
  const controls = last(engine, 'controls');
  if (controls?.endedMs === undefined) return undefined;
  if (controls.failure === undefined && controls.result != null)
    return controls.result as unknown as { positive: ControlResult; negative: ControlResult };
  const blind = { seen: false, evidence: controls.failure?.what ?? 'cancelled before it answered' };
  return { positive: blind, negative: blind };
}

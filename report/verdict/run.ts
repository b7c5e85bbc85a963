/** Causes that end a run from outside its steps: preflight, lock, a crash, people. */
import type { Journal } from '../journal.ts';
import { planIndex } from '../plan-index.ts';
import type { Cause, CauseKind } from './cause.ts';

export function runCauses(journal: Journal): Cause[] {
  return [
    ...preflight(journal),
    ...lock(journal),
    ...ending(journal),
    ...people(journal),
    ...expiries(journal),
  ];
}

function preflight(journal: Journal): Cause[] {
  // A lock that is not to be had is a finding as well; it has a row of its own.
  const busy = journal.lock?.state === 'busy';
  return journal.findings
    .filter((finding) => finding.severity === 'error' && !busy)
    .map(({ where, what, remedy }) => ({
      kind: 'preflight',
      atMs: journal.startedMs,
      path: '',
      text: `Preflight: ${where === '' ? '' : `${where}: `}${what}`,
      remedy,
    }));
}

function lock({ lock: held, findings, startedMs }: Journal): Cause[] {
  if (held?.state !== 'busy') return [];
  const finding = findings.findLast(({ severity }) => severity === 'error');
  const text = finding === undefined ? held.where : finding.what;
  return [
    {
      kind: 'fleet-busy',
      atMs: startedMs,
      path: '',
      text: `The fleet is not to be had: ${text}`,
      remedy: finding?.remedy ?? '',
    },
  ];
}

function ending(journal: Journal): Cause[] {
  const atMs = journal.endedMs ?? journal.startedMs;
  const cause = (kind: CauseKind, text: string): Cause[] => [
    { kind, atMs, path: '', text, remedy: restoreCommand(journal) },
  ];
  if (journal.restores !== undefined)
    return cause(
      'restore',
      `This run finishes the undo of ${journal.restores}, which could not end by itself`,
    );
  switch (journal.ended) {
    case 'terminated':
      return cause('terminated', 'The run was terminated before it could put anything back');
    case 'timed-out':
    case 'failed':
      return cause('crashed', `The workflow itself ${journal.ended === 'failed' ? 'failed' : 'timed out'}`);
    default:
      return [];
  }
}

export function restoreCommand(journal: Journal): string {
  return `npx firedrill restore ${journal.restores ?? journal.run}`;
}

function people(journal: Journal): Cause[] {
  const index = planIndex(journal.plan);
  return journal.interventions.flatMap(({ update, atMs, by, payload }): Cause[] => {
    const word = (payload ?? {}) as { step?: string; reason?: string; note?: string; approved?: boolean };
    const path = word.step ?? '';
    const node = index.find(path)?.node;
    const title = node?.title ?? path;
    if (update === 'abort')
      return [
        {
          kind: 'aborted',
          atMs,
          path: '',
          text: `Aborted by ${by}: ${word.reason ?? 'no reason given'}`,
          remedy: '',
        },
      ];
    if (update === 'approve' && word.approved === false)
      return [{ kind: 'disapproved', atMs, path, text: `${by} did not approve “${title}”`, remedy: '' }];
    if (update === 'skip' && !(node?.type === 'step' && node.optional))
      return [
        { kind: 'skipped', atMs, path, text: `“${title}” failed and was skipped by ${by}`, remedy: '' },
      ];
    return [];
  });
}

function expiries(journal: Journal): Cause[] {
  const index = planIndex(journal.plan);
  return journal.records.flatMap((entry): Cause[] => {
    if (entry.record !== 'expired') return [];
    const title = index.find(entry.path)?.node.title ?? entry.path;
    const what = entry.what === 'approval' ? 'approved' : 'answered for';
    return [
      {
        kind: 'expired',
        atMs: entry.atMs,
        path: entry.path,
        text: `Nobody ${what} “${title}” in time`,
        remedy: '',
      },
    ];
  });
}

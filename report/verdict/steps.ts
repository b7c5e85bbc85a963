/** Causes found in steps and asserts. */
import type { Journal, VerbEntry } from '../journal.ts';
import { isFinal, type Placed, planIndex } from '../plan-index.ts';
import type { Cause, CauseKind } from './cause.ts';

/** A step's failure, from the interpreter's record of it or, where it could write none, from the activity. */
interface Failed {
  path: string;
  atMs: number;
  /** `FailureType` of activities/failure.ts. */
  type: string;
  code: string;
  what: string;
  remedy: string;
  unworked: boolean;
}

/** The interpreter's code for a fault that did not bite: judged from the probes themselves. */
const DID_NOT_BITE = 'FD6008';
/** Verbs whose failure is the step's; undo and compare decide `restored`, a probe the fault. */
const forward: readonly string[] = ['look', 'snapshot', 'guard', 'act'];

export function stepCauses(journal: Journal): Cause[] {
  const index = planIndex(journal.plan);
  const failures = failuresOf(journal).filter((failure) => !answered(journal, failure));
  return [
    ...failures.map((failure) => causeOf(journal, failure, index.find(failure.path))),
    ...assertCauses(journal),
  ];
}

function failuresOf(journal: Journal): Failed[] {
  const recorded = journal.records.flatMap((entry): Failed[] => {
    // Preflight's and the lock's failures are findings.
    if (entry.record !== 'error' || entry.code === DID_NOT_BITE || ['preflight', 'lock'].includes(entry.path))
      return [];
    const { path, atMs, failure: type, code, what, remedy } = entry;
    return [{ path, atMs, type, code, what, remedy, unworked: code === 'FD6001' }];
  });
  const unrecorded = journal.steps.flatMap(({ path, verbs }) =>
    verbs
      .filter((verb) => forward.includes(verb.verb) && verb.failure !== undefined)
      .filter((verb) => !recorded.some((one) => one.path === path && one.atMs >= (verb.endedMs ?? 0)))
      .map((verb) => fromVerb(path, verb)),
  );
  return [...recorded, ...unrecorded];
}

function fromVerb(path: string, verb: VerbEntry): Failed {
  const failure = verb.failure!;
  const what = failure.where === '' ? failure.what : `${failure.where}: ${failure.what}`;
  const { type, code, remedy } = failure;
  return {
    path,
    atMs: verb.endedMs ?? verb.scheduledMs,
    type,
    code,
    what,
    remedy,
    unworked: verb.unworked === true,
  };
}

/** A person who was asked had it tried again (what came of that is judged) or skipped (a cause of its own). */
function answered(journal: Journal, failure: Failed): boolean {
  return journal.interventions.some(
    ({ update, atMs, payload }) =>
      (update === 'retry' || update === 'skip') &&
      atMs >= failure.atMs &&
      (payload as { step?: string } | null)?.step === failure.path,
  );
}

function causeOf(journal: Journal, failure: Failed, placed: Placed | undefined): Cause {
  const title = placed?.node.title ?? failure.path;
  const before = isFinal(failure.path) ? 'After recovery: ' : '';
  return {
    kind: kindOf(journal, failure, placed),
    atMs: failure.atMs,
    path: failure.path,
    text: `${before}“${title}”: ${failure.what}`,
    remedy: failure.remedy,
  };
}

const findings: readonly CauseKind[] = ['deviated', 'refused', 'transient'];

function kindOf(journal: Journal, failure: Failed, placed: Placed | undefined): CauseKind {
  // The safety net tries again, and `restored` says what came of it; but the way back was not as written.
  if (placed?.node.type === 'undo') return 'way-back';
  const kind = kindOfType(failure);
  // Told to continue, a finding is still one; and what nobody could judge is still none.
  if (placed?.node.onFailure === 'continue' && findings.includes(kind)) return 'continued';
  const early = placed?.section === 'setup' || placed?.section === 'verify';
  const fault = planIndex(journal.plan).fault;
  // All must hold before anything is broken on purpose: without its steady state a drill cannot run.
  if (kind === 'deviated' && early && !isFinal(failure.path) && fault !== undefined) return 'steady-state';
  return kind;
}

function kindOfType({ type, unworked }: Failed): CauseKind {
  if (unworked) return 'unworked';
  switch (type) {
    case 'deviated':
    case 'refused':
    case 'transient':
    case 'broken':
    case 'unjudged':
      return type;
    default:
      return 'bug';
  }
}

function assertCauses(journal: Journal): Cause[] {
  const index = planIndex(journal.plan);
  return journal.records.flatMap((entry): Cause[] => {
    if (entry.record !== 'assert' || (entry.holds && entry.unjudged === undefined)) return [];
    const title = index.find(entry.path)?.node.title ?? entry.path;
    const { atMs, path, expression } = entry;
    if (entry.unjudged !== undefined)
      return [
        {
          kind: 'assert-unjudged',
          atMs,
          path,
          text: `“${title}” could not be judged: ${entry.unjudged}`,
          remedy: '',
        },
      ];
    return [{ kind: 'assert', atMs, path, text: `“${title}” does not hold: ${expression}`, remedy: '' }];
  });
}

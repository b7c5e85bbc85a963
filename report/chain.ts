/**
 * The journal as a chain of hashes: each entry's hash covers its own content and the hash before it, so that one
 * line, the head, fixes all of it. The head goes into a search attribute and the notification when the run ends;
 * a journal that was altered later has another.
 */
import { canonicalJson, sha256 } from '../dsl/canonical.ts';
import type { Journal } from './journal.ts';

export interface Link {
  atMs: number;
  /** What the entry is, e.g. `run`, `steps.fault act 1`, `record assert`. */
  what: string;
  /** SHA-256, hex, of the entry's canonical JSON. */
  content: string;
  /** SHA-256, hex, of the hash before it and `content`. */
  hash: string;
}

interface Entry {
  atMs: number;
  what: string;
  content: unknown;
}

/** In order of time. How the run ended is not in it: the head is taken before that, by the archive. */
export function chainOf(journal: Journal): Link[] {
  let hash = '';
  return entriesOf(journal).map(({ atMs, what, content }) => {
    const digest = sha256(canonicalJson({ atMs, what, content }));
    hash = sha256(`${hash}${digest}`);
    return { atMs, what, content: digest, hash };
  });
}

/** SHA-256, hex. */
export function headOf(journal: Journal): string {
  return chainOf(journal).at(-1)?.hash ?? '';
}

function entriesOf(journal: Journal): Entry[] {
  const { run, runId, plan, options, restores, startedMs, findings, controls, faultAtMs } = journal;
  const begin: Entry = { atMs: startedMs, what: 'run', content: { run, runId, plan, options, restores } };
  const rest: Entry[] = [
    { atMs: startedMs, what: 'preflight', content: findings },
    ...(controls === undefined
      ? []
      : [{ atMs: faultAtMs ?? startedMs, what: 'controls', content: controls }]),
    ...journal.steps.flatMap(({ path, verbs }) =>
      verbs.map((verb) => ({
        atMs: verb.endedMs ?? verb.scheduledMs,
        what: `${path} ${verb.verb} ${verb.n}`,
        content: verb,
      })),
    ),
    ...journal.records.map((record) => ({
      atMs: record.atMs,
      what: `record ${record.record}`,
      content: record,
    })),
    ...journal.interventions.map((word) => ({
      atMs: word.atMs,
      what: `update ${word.update}`,
      content: word,
    })),
    ...journal.traffic.flatMap(({ path, slices, gaps }) => [
      ...slices.map((slice) => ({ atMs: slice.untilMs, what: `${path} slice`, content: slice })),
      ...gaps.map((gap) => ({ atMs: gap.untilMs, what: `${path} gap`, content: gap })),
    ]),
  ];
  // Sorting is stable, and the order of the parts is fixed: equal journals give equal chains.
  return [begin, ...rest.sort((a, b) => a.atMs - b.atMs)];
}

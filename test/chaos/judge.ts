/** Holds a run that was attacked against what Firedrill promises. Pure. */
import type { Journal, StepEntry } from '../../report/journal.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import type { Seen } from '../outside/witness.ts';
import type { Attack } from './attack.ts';

export interface Facts {
  attack: Attack;
  /** The run as it was started, and as it ended after attach or restore. */
  run: string;
  finished: string;
  conclusion: Conclusion;
  exit: number | undefined;
  /** Of the command that was watching all the time; undefined when it was killed. */
  watcherExit: number | undefined;
  journal: Journal;
  seen: Seen;
  /** Nodes that nobody may schedule on at the end, `cluster/node`. */
  cordonedAtEnd: string[];
  /** What differs from before, by plane and object. */
  differences: string[];
}

/** A gap in sight of users longer than this between fault and well again must not pass. */
const SIGHT_MS = 2_000;

export function violations(facts: Facts): string[] {
  return [...ending(facts), ...world(facts), ...history(facts), ...verdict(facts)];
}

function ending({ attack, run, finished, watcherExit, exit }: Facts): string[] {
  const found: string[] = [];
  if (attack.kind !== 'terminate' && finished !== run) found.push(`another run finished: ${finished}`);
  if (attack.kind === 'ctrl-c twice' && watcherExit !== 130)
    found.push(`Ctrl-C twice ended with ${watcherExit}, not 130`);
  if (attack.kind === 'terminate' && exit !== 0) found.push(`restore ended with ${exit}`);
  const watched = attack.kind !== 'terminate' && attack.kind !== 'ctrl-c twice' && watcherExit !== undefined;
  if (watched && watcherExit !== exit)
    found.push(`who watched ended with ${watcherExit}, attach with ${exit}`);
  return found;
}

function world({ seen, cordonedAtEnd, differences, conclusion }: Facts): string[] {
  return [
    ...Object.entries(seen.cordons)
      .filter(([, times]) => times > 1)
      .map(([node, times]) => `${node} was cordoned ${times} times`),
    ...cordonedAtEnd.map((node) => `${node} is still cordoned`),
    ...differences.map((difference) => `differs: ${difference}`),
    ...(conclusion.restored === 'partly' ? ['restored only partly'] : []),
  ];
}

function history({ journal }: Facts): string[] {
  return journal.steps.flatMap((step) => [
    ...twice(step, 'snapshot', () => true),
    ...twice(step, 'act', isDone),
    ...twice(step, 'undo', isDone),
  ]);
}

function twice({ path, verbs }: StepEntry, verb: string, counts: (result: unknown) => boolean): string[] {
  const times = verbs.filter(
    (entry) => entry.verb === verb && entry.endedMs !== undefined && counts(entry.result),
  );
  return times.length > 1 ? [`${path}: ${verb} ${times.length} times`] : [];
}

const isDone = (result: unknown) => (result as { done?: boolean } | undefined)?.done === true;

function verdict({ attack, conclusion, seen, journal }: Facts): string[] {
  if (conclusion.verdict !== 'passed') return [];
  const victim = journal.plan.victim ?? '';
  return [
    ...(attack.kind.startsWith('ctrl-c') && journal.interventions.some(({ update }) => update === 'abort')
      ? ['aborted, and passed']
      : []),
    ...(Object.keys(seen.cordons).length === 0 ? ['passed, and nobody saw a cordon'] : []),
    ...(seen.spreads.some((spread) => spread[victim] === 0)
      ? []
      : [`passed, and ${victim} never fell to 0 ready`]),
    ...blind(journal),
  ];
}

/** The longest stretch after the fault of which the journal holds no request. */
function blind({ faultAtMs, traffic, plan }: Journal): string[] {
  const rtoMs = plan.objective?.rtoMs;
  if (faultAtMs === undefined || rtoMs === undefined) return ['passed without a fault or an objective'];
  const seconds = new Set(
    traffic.flatMap(({ slices }) => slices.flatMap((slice) => slice.seconds.map(({ at }) => at))),
  );
  let longest = 0;
  let unseen = 0;
  for (let at = Math.ceil(faultAtMs / 1000); at < (faultAtMs + rtoMs) / 1000 - 1; at += 1) {
    unseen = seconds.has(at) ? 0 : unseen + 1_000;
    longest = Math.max(longest, unseen);
  }
  return longest > SIGHT_MS ? [`passed, and users were out of sight for ${longest / 1000} s`] : [];
}

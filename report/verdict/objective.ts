/** The objective, judged over windows that cannot be diluted. */
import { type Second, WINDOW_MINIMUM } from '../../dsl/window.ts';
import type { Journal } from '../journal.ts';
import { type Outage, outageOf } from '../outage.ts';
import type { Phases } from '../phases.ts';
import { planIndex } from '../plan-index.ts';
import { countOf, type Gap, gapsOf, rowsBetween, sentSeconds } from '../seconds.ts';
import { clipped, lengthMs, type Span } from '../spans.ts';
import type { Cause, CauseKind } from './cause.ts';

export type ObjectiveName = 'rto' | 'availability' | 'recover-rto' | 'recover-availability';

export interface ObjectiveResult {
  name: ObjectiveName;
  /** ms, or a share 0..1. */
  limit: number;
  /** The worst that is compatible with what was seen: ms, or a share. Absent when nothing can be said. */
  measured?: number;
  /** By how much `measured` may be wrong, ms: the second it is counted by, and clocks that disagree. */
  uncertaintyMs?: number;
  /** Undefined: could not be judged, `why` says why. */
  met: boolean | undefined;
  why: string;
  span: Span;
}

/** What users went through, with and without an objective. */
export interface Measured {
  outage?: Outage;
  wayBack?: Outage;
  results: ObjectiveResult[];
}

/** Without a `settle` of the runbook's own. */
const SETTLE_MS = 10_000;

/** `trusted` is false when the generator was not honest: its seconds then prove nothing, neither good nor bad. */
export function measure(journal: Journal, phases: Phases): Measured {
  const { exercise, wayBack } = phases;
  const seconds = sentSeconds(journal);
  if (exercise === undefined || journal.traffic.length === 0) return { results: blind(journal, phases) };
  const gaps = gapsOf(journal);
  const settleMs = journal.plan.objective?.settleMs ?? SETTLE_MS;
  const outage = outageOf(seconds, gaps, exercise, settleMs);
  const back = wayBack === undefined ? undefined : outageOf(seconds, gaps, wayBack, settleMs);
  const clockMs = clockDisagreement(journal);
  const { objective } = journal.plan;
  const results: ObjectiveResult[] = [];
  if (objective?.rtoMs !== undefined) results.push(rto('rto', outage, objective.rtoMs, clockMs, exercise));
  if (objective?.availability !== undefined) {
    const forMs = objective.rtoMs ?? outage.atMostMs ?? lengthMs(exercise);
    const span = { fromMs: exercise.fromMs, untilMs: exercise.fromMs + forMs };
    results.push(availability('availability', seconds, gaps, objective.availability, span));
  }
  if (back !== undefined && wayBack !== undefined && objective?.recover !== undefined) {
    const { rtoMs, availability: share } = objective.recover;
    if (rtoMs !== undefined) results.push(rto('recover-rto', back, rtoMs, 0, wayBack));
    if (share !== undefined)
      results.push(availability('recover-availability', seconds, gaps, share, wayBack));
  }
  return { outage, ...(back !== undefined && { wayBack: back }), results };
}

/** An objective nobody was there to judge: no fault, no users. */
function blind(journal: Journal, phases: Phases): ObjectiveResult[] {
  const { objective } = journal.plan;
  const why = phases.faultAtMs === undefined ? 'the fault never began' : 'no users were sent while it lasted';
  const none = { met: undefined, why, span: phases.exercise ?? phases.run };
  return [
    ...(objective?.rtoMs === undefined ? [] : [{ name: 'rto' as const, limit: objective.rtoMs, ...none }]),
    ...(objective?.availability === undefined
      ? []
      : [{ name: 'availability' as const, limit: objective.availability, ...none }]),
  ];
}

/**
 * `outage` gives bounds. Missed when even the shortest outage that fits is too long; met when the longest is
 * short enough; anything between lies inside the uncertainty.
 */
function rto(
  name: ObjectiveName,
  outage: Outage,
  limit: number,
  clockMs: number,
  span: Span,
): ObjectiveResult {
  const base = { name, limit, span };
  if (outage.requests < WINDOW_MINIMUM)
    return { ...base, met: undefined, why: `only ${outage.requests} requests, ${WINDOW_MINIMUM} are needed` };
  const longest = outage.atMostMs;
  const shortest = Math.max(outage.atLeastMs - clockMs, 0);
  if (longest === undefined) {
    const met = shortest > limit ? false : undefined;
    return { ...base, met, why: 'users were not seen to be healthy again before the way back began' };
  }
  const uncertaintyMs = Math.max(longest - outage.atLeastMs, 0) + clockMs;
  const met = longest + clockMs <= limit ? true : shortest > limit ? false : undefined;
  const why =
    met === undefined ? `it lies between ${shortest} and ${longest + clockMs} ms, around the limit` : '';
  return { ...base, measured: longest, uncertaintyMs: longest === 0 ? clockMs : uncertaintyMs, met, why };
}

function availability(
  name: ObjectiveName,
  seconds: Second[],
  gaps: Gap[],
  limit: number,
  wanted: Span,
): ObjectiveResult {
  // The second of the fault counts whole: its failures are the fault's.
  const span = { fromMs: Math.floor(wanted.fromMs / 1000) * 1000, untilMs: wanted.untilMs };
  const rows = rowsBetween(seconds, span);
  const requests = countOf(rows);
  const base = { name, limit, span: wanted };
  if (requests < WINDOW_MINIMUM)
    return { ...base, met: undefined, why: `only ${requests} requests, ${WINDOW_MINIMUM} are needed` };
  const ok = countOf(rows, (row) => row.class === 'ok');
  const measured = ok / requests;
  if (measured >= limit) return { ...base, measured, met: true, why: '' };
  // Had all that was not seen been good, would it have been enough?
  const unseenMs = lengthMs(span) - seenMs(seconds, gaps, span);
  const unseen = (unseenMs / Math.max(lengthMs(span) - unseenMs, 1)) * requests;
  const best = (ok + unseen) / (requests + unseen);
  if (best < limit) return { ...base, measured, met: false, why: '' };
  return {
    ...base,
    measured,
    met: undefined,
    why: `${Math.round(unseenMs / 1000)} s of the window were not seen`,
  };
}

function seenMs(seconds: Second[], gaps: Gap[], span: Span): number {
  const whole = seconds.filter(
    ({ at, rows }) => rows.length > 0 && at * 1000 >= span.fromMs && at * 1000 < span.untilMs,
  );
  const lost = gaps.reduce((sum, gap) => sum + lengthMs(clipped(gap, span) ?? { fromMs: 0, untilMs: 0 }), 0);
  return Math.max(Math.min(whole.length * 1000, lengthMs(span)) - lost, 0);
}

/** How far the acting worker's clock is seen to be from the server's: its fault lies outside its own activity. */
function clockDisagreement(journal: Journal): number {
  const { fault } = planIndex(journal.plan);
  const acts =
    journal.steps.find((step) => step.path === fault?.path)?.verbs.filter((verb) => verb.verb === 'act') ??
    [];
  const started = acts[0]?.scheduledMs;
  const ended = acts.at(-1)?.endedMs;
  if (journal.faultAtMs === undefined || started === undefined || ended === undefined) return 0;
  const outside = Math.max(started - journal.faultAtMs, journal.faultAtMs - ended, 0);
  // An attempt that was lost may have begun the fault and not have told: it began since the act was scheduled.
  const attempts = acts[0]?.attempts ?? 1;
  return attempts > 1 ? Math.max(outside, journal.faultAtMs - started) : outside;
}

const units: Record<ObjectiveName, { kind: CauseKind; text(result: ObjectiveResult): string }> = {
  rto: {
    kind: 'rto',
    text: (result) =>
      `Users were without full service for ${seconds(result)}; the objective allows ${result.limit / 1000} s`,
  },
  availability: {
    kind: 'availability',
    text: (result) =>
      `${share(result.measured)} of requests succeeded; the objective asks for ${share(result.limit)}`,
  },
  'recover-rto': {
    kind: 'recover-rto',
    text: (result) =>
      `On the way back users were without full service for ${seconds(result)}; the objective allows ${result.limit / 1000} s`,
  },
  'recover-availability': {
    kind: 'recover-availability',
    text: (result) =>
      `On the way back ${share(result.measured)} of requests succeeded; the objective asks for ${share(result.limit)}`,
  },
};

const seconds = (result: ObjectiveResult) =>
  result.measured === undefined ? 'longer than was measured' : `${(result.measured / 1000).toFixed(1)} s`;
const share = (value: number | undefined) =>
  value === undefined ? 'too few' : `${(value * 100).toFixed(2)} %`;

export function objectiveCauses(results: ObjectiveResult[]): Cause[] {
  return results.flatMap((result): Cause[] => {
    const { kind, text } = units[result.name];
    const atMs = Math.min(
      result.span.fromMs + (kind === 'rto' ? result.limit : lengthMs(result.span)),
      result.span.untilMs,
    );
    if (result.met === true) return [];
    if (result.met === false) return [{ kind, atMs, path: '', text: text(result), remedy: '' }];
    return [
      {
        kind: 'objective-unjudged',
        atMs,
        path: '',
        text: `The objective ${result.name} could not be judged: ${result.why}`,
        remedy: '',
      },
    ];
  });
}

/** When what happened: the spans of a run that everything is measured in. */
import type { Journal } from './journal.ts';
import { planIndex } from './plan-index.ts';
import type { Span } from './spans.ts';

export interface Phases {
  /** The whole run, up to the last thing known of it. */
  run: Span;
  /** The fault's clock; when its act broke off before it could tell, the moment the act was started. */
  faultAtMs?: number;
  /** From the fault until the way back begins. */
  exercise?: Span;
  /** The runbook's own `recover` steps and the safety net. */
  wayBack?: Span;
}

export function phasesOf(journal: Journal): Phases {
  const run = { fromMs: journal.startedMs, untilMs: lastMoment(journal) };
  const faultAtMs = journal.faultAtMs ?? faultStarted(journal);
  const backAtMs = journal.sections.recover ?? journal.sections.restore;
  if (faultAtMs === undefined) return { run };
  return {
    run,
    faultAtMs,
    exercise: { fromMs: faultAtMs, untilMs: Math.max(backAtMs ?? run.untilMs, faultAtMs) },
    ...(backAtMs !== undefined && { wayBack: { fromMs: backAtMs, untilMs: run.untilMs } }),
  };
}

function faultStarted(journal: Journal): number | undefined {
  const { fault } = planIndex(journal.plan);
  const act = journal.steps
    .find((step) => step.path === fault?.path)
    ?.verbs.find(
      (verb) => verb.verb === 'act' && (verb.startedMs !== undefined || verb.endedMs === undefined),
    );
  return act?.startedMs ?? act?.scheduledMs;
}

function lastMoment(journal: Journal): number {
  const moments = [
    journal.startedMs,
    journal.endedMs ?? 0,
    ...journal.records.map((record) => record.atMs),
    ...journal.interventions.map((intervention) => intervention.atMs),
    ...journal.steps.flatMap((step) => step.verbs.map((verb) => verb.endedMs ?? verb.scheduledMs)),
    ...journal.traffic.flatMap((stream) => stream.slices.map((slice) => slice.untilMs)),
  ];
  return moments.reduce((latest, moment) => Math.max(latest, moment));
}

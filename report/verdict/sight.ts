/** Causes about the evidence: what was not seen, or by eyes that cannot be trusted. */
import { honestyOf } from '../../dsl/honesty.ts';
import { type Node, sections } from '../../dsl/plan.ts';
import type { Journal } from '../journal.ts';
import { type Phases, phasesOf } from '../phases.ts';
import { planIndex } from '../plan-index.ts';
import { GAP_LIMIT_MS, gapsOf } from '../seconds.ts';
import { clipped, lengthMs, overlaps, type Span } from '../spans.ts';
import type { Cause } from './cause.ts';

/** `measured` is [fault, healthy], or until the way back when users were never healthy. */
export function sightCauses(journal: Journal, measured: Span | undefined): Cause[] {
  return [
    ...(measured === undefined
      ? []
      : [...gaps(journal, measured), ...dishonest(journal, measured), ...pauses(journal, measured)]),
    ...controls(journal),
  ];
}

function gaps(journal: Journal, measured: Span): Cause[] {
  return gapsOf(journal).flatMap((gap): Cause[] => {
    const inside = clipped(gap, measured);
    if (inside === undefined || lengthMs(gap) <= GAP_LIMIT_MS) return [];
    const seconds = (lengthMs(inside) / 1000).toFixed(1);
    return [
      {
        kind: 'gap',
        atMs: inside.fromMs,
        path: '',
        text: `For ${seconds} s between the fault and healthy users nobody saw what clients got: ${gap.why}`,
        remedy: 'Look at the traffic worker: `npx firedrill doctor`',
      },
    ];
  });
}

function dishonest(journal: Journal, measured: Span): Cause[] {
  return journal.traffic.flatMap(({ path, slices }): Cause[] => {
    const { honest, why } = honestyOf(slices.filter((slice) => overlaps(slice, measured)));
    if (honest) return [];
    const text = `The generator measured itself, not the fleet: ${why.join('; ')}`;
    return [
      {
        kind: 'dishonest',
        atMs: measured.fromMs,
        path,
        text,
        remedy: 'Give the traffic worker more CPU, or lower the rate',
      },
    ];
  });
}

function pauses(journal: Journal, measured: Span): Cause[] {
  return spansOfPauses(journal)
    .filter((pause) => overlaps(pause, measured))
    .map(({ fromMs, by }) => ({
      kind: 'paused',
      atMs: Math.max(fromMs, measured.fromMs),
      path: '',
      text: `Paused by ${by} between the fault and healthy users: the time measured is not the system's own`,
      remedy: '',
    }));
}

function spansOfPauses(journal: Journal): (Span & { by: string })[] {
  const spans: (Span & { by: string })[] = [];
  for (const { update, atMs, by } of journal.interventions) {
    const open = spans.at(-1)?.untilMs === Number.POSITIVE_INFINITY ? spans.at(-1) : undefined;
    if (update === 'pause' && open === undefined)
      spans.push({ fromMs: atMs, untilMs: Number.POSITIVE_INFINITY, by });
    if (update === 'resume' && open !== undefined) open.untilMs = atMs + 1;
  }
  return spans;
}

/** The detectors must have been shown what they are to see, wherever the fleet says how an answer is told apart. */
function controls(journal: Journal): Cause[] {
  const phases: Phases = phasesOf(journal);
  if (phases.faultAtMs === undefined) return [];
  const blind = (text: string): Cause => ({
    kind: 'controls',
    atMs: phases.faultAtMs ?? 0,
    path: '',
    text,
    remedy: '',
  });
  if (journal.controls === undefined)
    return journal.plan.objective !== undefined && journal.plan.fleet.identity !== undefined
      ? [blind('The detectors were never shown a request of the victim and a failed one')]
      : [];
  const { positive, negative } = journal.controls;
  return [
    ...(positive.seen
      ? []
      : [blind(`A request served by the victim was not recognised as such: ${positive.evidence}`)]),
    ...(negative.seen ? [] : [blind(`A failed request was not recognised as such: ${negative.evidence}`)]),
  ];
}

/** Activities that are not finished; the run itself when it has not come to the end of its exercise. */
export function openEnds(journal: Journal): string[] {
  const open = journal.steps.flatMap(({ title, verbs }) =>
    verbs.filter((verb) => verb.endedMs === undefined).map((verb) => `“${title}” (${verb.verb})`),
  );
  return journal.sections.restore === undefined ? [...open, 'the exercise'] : open;
}

/** Steps of the Plan that had to run and of which there is no word. */
export function missingSteps(journal: Journal): string[] {
  const index = planIndex(journal.plan);
  const told = new Set([
    ...journal.steps.filter(({ verbs }) => verbs.some(done)).map((step) => index.find(step.path)?.node.path),
    ...journal.traffic.map((stream) => stream.path),
    ...journal.records.flatMap((entry) => ('path' in entry ? [index.find(entry.path)?.node.path] : [])),
    ...journal.interventions.map(({ payload }) => (payload as { step?: string } | null)?.step),
  ]);
  const ran = sections.filter(
    (section) => section !== 'recover' || phasesOf(journal).faultAtMs !== undefined,
  );
  return ran
    .flatMap((section) => unconditional(journal.plan.sections[section]))
    .filter((node) => !told.has(node.path))
    .map((node) => node.title);
}

function done(verb: Journal['steps'][number]['verbs'][number]): boolean {
  return verb.verb === 'look'
    ? verb.result !== undefined
    : (verb.result as { done?: boolean } | undefined)?.done === true;
}

/** Steps and asserts that no `if` and no loop may leave out. */
function unconditional(nodes: Node[]): Node[] {
  return nodes.flatMap((node): Node[] => {
    if (node.if !== undefined || node.type === 'for-each' || node.type === 'undo') return [];
    if (node.type === 'parallel') return unconditional(node.branches);
    if (node.type === 'group') return unconditional(node.body);
    return [node];
  });
}

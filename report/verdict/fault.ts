/** Causes about the fault itself: a drill whose disaster did not happen proves nothing. */
import type { Step } from '../../dsl/plan.ts';
import type { Journal, VerbEntry } from '../journal.ts';
import type { Phases } from '../phases.ts';
import { planIndex } from '../plan-index.ts';
import { type Moved, movedOf } from '../replicas.ts';
import type { Cause } from './cause.ts';

export function faultCauses(journal: Journal, phases: Phases): Cause[] {
  const { fault } = planIndex(journal.plan);
  if (fault === undefined || phases.faultAtMs === undefined) return [];
  const verbs = journal.steps.find((step) => step.path === fault.path)?.verbs ?? [];
  return [
    ...effect(fault.path, fault.title, verbs, phases),
    ...unproven(journal, fault, verbs, phases),
    ...unmoved(journal),
    ...meddled(journal),
  ];
}

interface Probed {
  bitten: boolean;
  evidence: string;
}

function effect(path: string, title: string, verbs: VerbEntry[], phases: Phases): Cause[] {
  const undoMs = verbs.find((verb) => verb.verb === 'undo')?.scheduledMs ?? Number.POSITIVE_INFINITY;
  const probes = verbs.filter(
    (verb) => verb.verb === 'probe' && verb.scheduledMs < undoMs && verb.result !== undefined,
  );
  const seen = probes.map((verb) => verb.result as unknown as Probed);
  const firstBite = seen.findIndex((probe) => probe.bitten);
  const lost = seen.findIndex((probe, n) => n > firstBite && !probe.bitten);
  const cause = (kind: Cause['kind'], verb: VerbEntry | undefined, text: string): Cause[] => [
    { kind, atMs: verb?.endedMs ?? phases.faultAtMs ?? 0, path, text: `“${title}”: ${text}`, remedy: '' },
  ];
  if (probes.length > 0 && firstBite < 0)
    return cause('no-effect', probes.at(-1), `the fault did not bite: ${seen.at(-1)?.evidence ?? ''}`);
  if (firstBite >= 0 && lost >= 0)
    return cause(
      'effect-lost',
      probes[lost],
      `its effect was gone before recovery was judged: ${seen[lost]?.evidence ?? ''}`,
    );
  return [];
}

/** A person who aborts in mid-fault leaves it no time to show itself: that run is aborted, not broken. */
function unproven(
  { interventions }: Journal,
  { path, title }: Step,
  verbs: VerbEntry[],
  phases: Phases,
): Cause[] {
  const acted = verbs.some(
    ({ verb, result }) => verb === 'act' && (result as { done?: boolean } | undefined)?.done === true,
  );
  const probed = verbs.some(({ verb, result }) => verb === 'probe' && result !== undefined);
  if (!acted || probed || interventions.some(({ update }) => update === 'abort')) return [];
  const text = `“${title}”: nothing shows that the fault bit; without that the drill proves nothing`;
  return [{ kind: 'effect-unproven', atMs: phases.faultAtMs ?? 0, path, text, remedy: '' }];
}

/** A wait for a new spread that ended with the old one: says plainly that nothing moved. */
function unmoved(journal: Journal): Cause[] {
  const moved = movedOf(journal);
  if (moved.by !== 'nobody' || moved.steady === undefined) return [];
  const index = planIndex(journal.plan);
  const waited = journal.steps.find(
    ({ path, uses, verbs }) =>
      uses === 'karmada/await-spread' &&
      index.find(path)?.section === 'steps' &&
      verbs.at(-1)?.failure?.type === 'deviated',
  );
  if (waited === undefined) return [];
  return [
    {
      kind: 'nothing-moved',
      atMs: waited.verbs.at(-1)?.endedMs ?? 0,
      path: waited.path,
      text: `Nothing moved: ${moved.evidence} although ${journal.plan.victim ?? 'a cluster'} was lost`,
      remedy: waited.verbs.at(-1)?.failure?.remedy ?? '',
    },
  ];
}

/** What a person did in the middle of it is no recovery of the system's own, however well users fared. */
function meddled(journal: Journal): Cause[] {
  const moved = movedOf(journal);
  return [...(moved.by === 'person' ? [movedByHand(moved)] : []), ...removedByHand(journal)];
}

function movedByHand({ atMs = 0, evidence }: Moved): Cause {
  return {
    kind: 'meddled',
    atMs,
    path: '',
    text: `Somebody moved the replicas by hand (${evidence}): the recovery measured is not the system's own`,
    remedy: 'Drill again while nobody works on the fleet',
  };
}

/** Unless the runbook itself takes backends out of the load balancer. */
function removedByHand(journal: Journal): Cause[] {
  const index = planIndex(journal.plan);
  const exercise = journal.steps.filter(({ path }) => index.find(path)?.section === 'steps');
  const routes = exercise.some(({ path, verbs }) => {
    const node = index.find(path)?.node;
    return node?.type === 'step' && node.undoPhase === 'routing' && verbs.some((verb) => verb.verb === 'act');
  });
  if (routes) return [];
  return exercise.flatMap(({ path, title, verbs }): Cause[] => {
    const last = verbs.at(-1);
    if ((last?.result as { by?: string } | null | undefined)?.by !== 'configuration') return [];
    const text = `“${title}”: somebody took it out of the load balancer by hand, its probes did not decide`;
    return [
      {
        kind: 'meddled',
        atMs: last?.endedMs ?? 0,
        path,
        text,
        remedy: 'Drill again while nobody works on the load balancer',
      },
    ];
  });
}

/** Causes about the fault itself: a drill whose disaster did not happen proves nothing. */
import type { Step } from '../../dsl/plan.ts';
import type { Journal, VerbEntry } from '../journal.ts';
import type { Phases } from '../phases.ts';
import { planIndex } from '../plan-index.ts';
import type { Cause } from './cause.ts';
import { moveCauses } from './moves.ts';

export function faultCauses(journal: Journal, phases: Phases): Cause[] {
  const { fault } = planIndex(journal.plan);
  if (fault === undefined || phases.faultAtMs === undefined) return [];
  const verbs = journal.steps.find((step) => step.path === fault.path)?.verbs ?? [];
  return [
    ...effect(fault.path, fault.title, verbs, phases),
    ...unproven(journal, fault, verbs, phases),
    ...moveCauses(journal),
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

/** Why a verdict is not `passed`. */
import type { VerdictName } from '../../workflows/protocol.ts';

/** The rows of the verdict table: what can go wrong, and what it makes of the verdict at least. */
export const causeKinds = {
  // The drill could not run, or proves nothing.
  preflight: 'broken',
  'fleet-busy': 'broken',
  'steady-state': 'broken',
  refused: 'broken',
  transient: 'broken',
  broken: 'broken',
  bug: 'broken',
  'no-effect': 'broken',
  'effect-lost': 'broken',
  'effect-unproven': 'broken',
  terminated: 'broken',
  crashed: 'broken',
  restore: 'broken',
  // A person, or the time a person had, ended it.
  aborted: 'aborted',
  disapproved: 'aborted',
  expired: 'aborted',
  // The system under drill did not do what it should.
  deviated: 'failed',
  assert: 'failed',
  continued: 'failed',
  'nothing-moved': 'failed',
  cascade: 'failed',
  rto: 'failed',
  availability: 'failed',
  'recover-rto': 'failed',
  'recover-availability': 'failed',
  // It could not be judged.
  unjudged: 'inconclusive',
  unworked: 'inconclusive',
  'assert-unjudged': 'inconclusive',
  'objective-unjudged': 'inconclusive',
  gap: 'inconclusive',
  dishonest: 'inconclusive',
  controls: 'inconclusive',
  skipped: 'inconclusive',
  paused: 'inconclusive',
  meddled: 'inconclusive',
  'way-back': 'inconclusive',
  unfinished: 'inconclusive',
} as const satisfies Record<string, Exclude<VerdictName, 'passed'>>;

export type CauseKind = keyof typeof causeKinds;

export interface Cause {
  kind: CauseKind;
  /** Epoch ms. */
  atMs: number;
  /** Step instance, or '' when it is about the run. */
  path: string;
  /** One sentence for a person. */
  text: string;
  /** What to do about it; '' when the text says all. */
  remedy: string;
}

/** What a reader is told: that a restore is no drill stands in its headline already. */
export function toldCauses(causes: Cause[]): Cause[] {
  return causes.filter(({ kind }) => kind !== 'restore');
}

const severities: readonly VerdictName[] = ['passed', 'inconclusive', 'failed', 'aborted', 'broken'];

/** Higher is worse: passed 0 … broken 4. */
export function severityOf(verdict: VerdictName): number {
  return severities.indexOf(verdict);
}

/** The worst of the causes names the verdict; no cause, passed. */
export function worst(causes: Cause[]): VerdictName {
  return causes.reduce<VerdictName>((verdict, { kind }) => {
    const named = causeKinds[kind];
    return severityOf(named) > severityOf(verdict) ? named : verdict;
  }, 'passed');
}

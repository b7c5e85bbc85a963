/** One way in which a drill goes, and what it must come to. */
import type { Journal } from '../../report/journal.ts';
import type { MovedBy, Restored, VerdictName } from '../../workflows/protocol.ts';
import type { Moment, Site } from './site.ts';

export interface Expectation {
  verdict: VerdictName;
  restored: Restored;
  movedBy?: MovedBy;
  /** Among the causes; without, there is none. */
  says?: RegExp;
  /** What the journal must show besides; the complaint when it does not. */
  shows?: (journal: Journal) => string | undefined;
}

export interface Case {
  name: string;
  runbook: string;
  flags?: string[];
  before?: (site: Site) => Promise<unknown>;
  moments?: Moment[];
  expect: Expectation;
  /** Paths that may differ after: what the drill set up to stay, and what the saboteur did himself. */
  leaves?: RegExp;
}

/** Lines of the live view. */
export const exercising = /phase +steps/;
export const faultHit = /fault +\d{4}-/;
export const drained = /done +steps\.fault/;
export const rescheduled = /done +steps\.rescheduled/;
export const recovering = /phase +recover/;

/** A fault of the lab from one moment to another. */
export function between(
  from: RegExp,
  until: RegExp,
  kind: string,
  target: string,
  options: object = {},
): Moment[] {
  let mend: () => Promise<unknown>;
  return [
    [
      from,
      async (site) => {
        mend = await site.fault(kind, target, options);
      },
    ],
    [until, () => mend()],
  ];
}

/** Requests that did not get a good answer: by cause, and by the phase of the drill in which they were sent. */
import type { Row, Second } from '../dsl/window.ts';
import type { Journal } from './journal.ts';
import type { Phases } from './phases.ts';
import { secondsOf } from './seconds.ts';

/** `way back`: the dip of the failback, which is a disruption too. */
export type LostPhase = 'before the fault' | 'exercise' | 'way back';
export const lostPhases: readonly LostPhase[] = ['before the fault', 'exercise', 'way back'];

export interface Lost {
  cause: string;
  /** What stands behind the cause, for a person. */
  meaning: string;
  total: number;
  byPhase: Record<LostPhase, number>;
}

/** Most frequent first. */
export function lostOf(journal: Journal, phases: Phases): Lost[] {
  const lost = new Map<string, Lost>();
  for (const second of secondsOf(journal))
    for (const row of second.rows) {
      if (row.class === 'ok') continue;
      const { cause, meaning } = causeOf(row);
      const entry = lost.get(cause) ?? {
        cause,
        meaning,
        total: 0,
        byPhase: { 'before the fault': 0, exercise: 0, 'way back': 0 },
      };
      lost.set(cause, entry);
      entry.total += row.count;
      entry.byPhase[phaseOf(second, phases)] += row.count;
    }
  return [...lost.values()].sort((a, b) => b.total - a.total);
}

/** The fault's own second counts to the exercise, the first second of the way back to the way back. */
function phaseOf({ at }: Second, { exercise, wayBack }: Phases): LostPhase {
  if (exercise === undefined || (at + 1) * 1000 <= exercise.fromMs) return 'before the fault';
  return wayBack === undefined || at * 1000 < wayBack.fromMs ? 'exercise' : 'way back';
}

type Explained = Pick<Lost, 'cause' | 'meaning'>;

function causeOf(row: Row): Explained {
  switch (row.class) {
    case 'timeout':
      return row.routed === ''
        ? { cause: 'edge timeout', meaning: 'no answer in time, and nobody says which cluster was asked' }
        : {
            cause: `timeout behind ${row.routed}`,
            meaning: `${row.routed} took the request and did not answer in time`,
          };
    case 'http-5xx':
      return fiveHundred(row);
    case 'refused':
      return { cause: 'connection refused', meaning: 'nothing listened where the request was sent' };
    case 'reset':
      return { cause: 'connection reset', meaning: 'the connection broke under the request' };
    case 'dropped':
      return { cause: 'dropped', meaning: 'never sent: the generator had too many requests under way' };
    case 'tls':
    case 'dns':
      return { cause: row.class.toUpperCase(), meaning: `the request failed at ${row.class.toUpperCase()}` };
    case 'http-4xx':
      return { cause: 'HTTP 4xx', meaning: 'an answer that refuses the request' };
    default:
      return { cause: 'unattributed', meaning: 'failed in a way that names neither cluster nor reason' };
  }
}

function fiveHundred({ routed, served }: Row): Explained {
  if (served !== '')
    return { cause: `application 5xx on ${served}`, meaning: `a pod on ${served} answered with an error` };
  if (routed !== '')
    return {
      cause: `ingress 5xx on ${routed}`,
      meaning: `${routed}'s entry point had no pod to send the request to`,
    };
  return { cause: 'edge 5xx', meaning: 'the load balancer answered itself: it had no cluster to send to' };
}

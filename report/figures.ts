/** The key figures of a run, as short texts: the page's tiles and the terminal's lines. */

import type { MovedBy } from '../workflows/protocol.ts';
import { count, duration, percent } from './format.ts';
import type { Journal } from './journal.ts';
import { countOf, failedOf, sentSeconds } from './seconds.ts';
import { lengthMs } from './spans.ts';
import type { ObjectiveResult } from './verdict/objective.ts';
import type { Judgement } from './verdict.ts';

/** `plain`: a figure without an objective to hold it against. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'plain';

export interface Figure {
  name: string;
  value: string;
  /** What it is held against, or what it means. */
  beside: string;
  tone: Tone;
}

export function figuresOf(journal: Journal, judged: Judgement): Figure[] {
  if (journal.restores !== undefined) return [restored(judged)];
  return [...service(judged), ...lost(journal), ...moved(judged), restored(judged)];
}

function service(judged: Judgement): Figure[] {
  const told = judged.objective.map(objective);
  const outage = judged.outage;
  if (outage === undefined || judged.objective.some(({ name }) => name === 'rto')) return told;
  const value = outage.atMostMs === undefined ? 'not seen' : duration(outage.atMostMs);
  return [{ name: 'Fault to healthy', value, beside: 'no objective set', tone: 'plain' }, ...told];
}

const names: Record<ObjectiveResult['name'], string> = {
  rto: 'Recovery time',
  availability: 'Availability',
  'recover-rto': 'Way back, outage',
  'recover-availability': 'Way back, availability',
};

function objective(result: ObjectiveResult): Figure {
  const isShare = result.name.endsWith('availability');
  const text = isShare ? percent : duration;
  const word = result.met === undefined ? 'not judged' : result.met ? 'met' : 'missed';
  const over = isShare ? `, over ${duration(lengthMs(result.span))}` : '';
  return {
    name: names[result.name],
    value: result.measured === undefined ? '—' : text(result.measured),
    beside: `objective ${isShare ? '≥' : '≤'} ${text(result.limit)}${over}: ${word}`,
    tone: result.met === undefined ? 'doubtful' : result.met ? 'good' : 'bad',
  };
}

function lost(journal: Journal): Figure[] {
  if (journal.traffic.length === 0) return [];
  const rows = sentSeconds(journal).flatMap((second) => second.rows);
  return [
    {
      name: 'Lost requests',
      value: count(failedOf(rows)),
      beside: `of ${count(countOf(rows))} sent`,
      tone: 'plain',
    },
  ];
}

const movers: Record<MovedBy, string> = {
  karmada: 'Karmada',
  drill: 'the drill',
  person: 'a person',
  nobody: 'nobody',
};

function moved({ movedBy, moved: { steady, how, evidence }, phases }: Judgement): Figure[] {
  if (phases.faultAtMs === undefined || steady === undefined) return [];
  return [
    {
      name: 'Moved by',
      value: movers[movedBy],
      beside: how?.replaceAll('-', ' ') ?? evidence,
      tone: movedBy === 'nobody' ? 'doubtful' : 'plain',
    },
  ];
}

function restored({ restored: word, restoration }: Judgement): Figure {
  const left = restoration.left.length;
  const steps = restoration.done.length;
  const beside =
    word === 'partly'
      ? `${left} ${left === 1 ? 'difference' : 'differences'} left`
      : steps === 0
        ? 'nothing had to be put back'
        : `${steps} ${steps === 1 ? 'step' : 'steps'} compared with before`;
  return {
    name: 'Restored',
    value: word,
    beside,
    tone: word === 'partly' ? 'bad' : word === 'fully' ? 'good' : 'plain',
  };
}

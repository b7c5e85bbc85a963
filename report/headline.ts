/** The one word at the top, and how it is meant. */
import type { VerdictName } from '../workflows/protocol.ts';
import type { Journal } from './journal.ts';
import type { Judgement } from './verdict.ts';

export interface Headline {
  word: string;
  /** The verdict whose colour and sign it has. */
  as: VerdictName;
}

/** A run that finishes another's undo is no drill: what counts of it is whether everything is back. */
export function headlineOf(journal: Journal, { verdict, restored }: Judgement): Headline {
  if (journal.restores === undefined) return { word: verdict, as: verdict };
  return restored === 'partly'
    ? { word: 'partly restored', as: 'failed' }
    : { word: 'restored', as: 'passed' };
}

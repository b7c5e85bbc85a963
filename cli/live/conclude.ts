/** The end of a watched run: its summary, where its report is, and what that means to a shell. */
import type { Conclusion } from '../../workflows/protocol.ts';
import { exitCodes } from '../problem.ts';

export function exitOf(conclusion: Pick<Conclusion, 'verdict' | 'restored'>): number {
  if (conclusion.verdict !== 'passed') return exitCodes[conclusion.verdict];
  return conclusion.restored === 'partly' ? exitCodes.notRestored : exitCodes.passed;
}

/** What the end of a watched run means to a shell. */
import { type Conclusion, RESTORE_WORKFLOW } from '../../workflows/protocol.ts';
import { exitCodes } from '../problem.ts';

/** A drill ends by its verdict; a restore has none of its own and ends by whether everything is back. */
export function exitOf(
  type: string,
  { verdict, restored }: Pick<Conclusion, 'verdict' | 'restored'>,
): number {
  if (type !== RESTORE_WORKFLOW && verdict !== 'passed') return exitCodes[verdict];
  return restored === 'partly' ? exitCodes.notRestored : exitCodes.passed;
}

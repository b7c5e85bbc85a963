/** What a command below `lab` is. */
import type { Call } from '../command.ts';

export interface Verb {
  /** How many arguments it takes at most, after its own name. */
  most: number;
  /** Which of the flags of `lab` it takes; `--json` goes with all. */
  flags: string[];
  /** Other flags are options of a fault. */
  takesOptions?: true;
  /** Returns the exit code. @param rest the arguments after its own name */
  run(call: Call, rest: string[]): Promise<number>;
}

/** How a command says that it cannot go on: every problem at once, and the exit code. */
import { commandErrors } from '../dsl/errors/command.ts';
import { rigErrors } from '../dsl/errors/rig.ts';

export interface Problem {
  code: string;
  /** File:line:column, flag, process or address it is about. */
  where?: string;
  what: string;
  remedy: string;
  /** The whole of it as a person should read it, when that is more than the above. */
  text?: string;
}

/** What a run's end or a failed command means to a shell. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  inconclusive: 2,
  aborted: 3,
  broken: 4,
  notRestored: 5,
  usage: 64,
} as const;

export class Stop extends Error {
  readonly exit: number;
  readonly problems: Problem[];

  constructor(exit: number, problems: Problem[]) {
    super(problems.map((problem) => problem.what).join('; '));
    this.exit = exit;
    this.problems = problems;
  }
}

const catalogue = { ...commandErrors, ...rigErrors };
type Code = keyof typeof catalogue;

/** A problem of the command line's own ranges; the catalogue's remedy unless a better one is known. */
export function problem(code: Code, what: string, more: { where?: string; remedy?: string } = {}): Problem {
  const where = more.where === undefined ? {} : { where: more.where };
  return { code, what, remedy: more.remedy ?? catalogue[code].remedy, ...where };
}

/** Bad usage, runbook, fleet or environment: nothing was touched. */
export function usage(...problems: Problem[]): Stop {
  return new Stop(exitCodes.usage, problems);
}

/** The drill or the command could not do its work. */
export function cannot(...problems: Problem[]): Stop {
  return new Stop(exitCodes.broken, problems);
}

export function renderProblem(problem: Problem): string {
  if (problem.text !== undefined) return `${problem.text}\n`;
  const where = problem.where === undefined ? '' : `${problem.where}: `;
  return `${problem.code}  ${where}${problem.what}\n        ${problem.remedy}`;
}

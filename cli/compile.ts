/** From the words of a command to a Plan: reads the runbook and the fleet file, and compiles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { compile } from '../dsl/compile.ts';
import type { Fleet } from '../dsl/fleet.ts';
import { parseFleet } from '../dsl/fleet-file.ts';
import type { Plan } from '../dsl/plan.ts';
import { formatProblem, type Problem } from '../dsl/problem.ts';
import type { Call, Flag } from './command.ts';
import type { Console } from './console.ts';
import { exitCodes, Stop } from './problem.ts';
import { requireFleet, requireRunbook } from './runbook.ts';

export interface Compiled {
  /** Absent when there is an error among the problems. */
  plan?: Plan;
  problems: Problem[];
}

/** Of every command that compiles a runbook. */
export const runbookFlags: Record<string, Flag> = {
  fleet: { type: 'string', value: 'FLEET', summary: 'name or path of the fleet file (lab)' },
  input: { type: 'string', value: 'NAME=VALUE', multiple: true, summary: 'an input of any name' },
};

export interface How {
  /** A schedule will start it: nobody is there to approve. */
  scheduled?: boolean;
  /** The runbook, when it is not the command's first argument. */
  named?: string;
  /** See CompileOptions. */
  removal?: { minMs: number; maxMs: number } | undefined;
}

export async function compileRunbook(call: Call, how: How = {}): Promise<Compiled> {
  const path = requireRunbook(how.named ?? call.arguments[0]!);
  const inputs = Object.entries(call.inputs).map(([name, value]) => [name, value === true ? 'true' : value]);
  return await compileFile(path, call.text('fleet') ?? 'lab', Object.fromEntries(inputs), how);
}

export async function lintRunbook(path: string, fleetName: string): Promise<Compiled> {
  return await compileFile(path, fleetName, {}, {});
}

/** What these files would compile to now. */
export async function recompile(
  runbook: string,
  fleet: string,
  inputs: Record<string, string>,
): Promise<Compiled | 'gone'> {
  if (!existsSync(runbook) || !existsSync(fleet)) return 'gone';
  return await compileFile(resolve(runbook), fleet, inputs, { scheduled: true });
}

async function compileFile(
  path: string,
  fleetName: string,
  inputs: Record<string, string>,
  how: How,
): Promise<Compiled> {
  const read = loadFleet(fleetName);
  if (read.fleet === undefined) return { problems: read.problems };
  const { catalogue } = await import('../activities/registry.ts');
  const folder = dirname(path);
  const { plan, problems } = compile({
    file: shown(path),
    text: readFileSync(path, 'utf8'),
    catalogue,
    fleet: read.fleet,
    inputs,
    read: (file) => readFileSync(resolve(folder, file), 'utf8'),
    list: (sub) => readdirSync(resolve(folder, sub)),
    scheduled: how.scheduled ?? false,
    ...(how.removal && { removal: how.removal }),
  });
  return { ...(plan && { plan }), problems: [...read.problems, ...problems] };
}

export async function readFleet(name: string): Promise<Fleet> {
  const { fleet, problems } = loadFleet(name);
  if (fleet === undefined) throw stopFor(problems);
  return fleet;
}

function loadFleet(name: string): { fleet?: Fleet; problems: Problem[] } {
  const path = requireFleet(name);
  return parseFleet(path, readFileSync(path, 'utf8'));
}

/** The Plan, with its warnings said; with errors, all of them and exit 64. */
export function requirePlan({ plan, problems }: Compiled, out: Console): Plan {
  if (plan === undefined) throw stopFor(problems);
  printProblems(problems, out);
  return plan;
}

export function printProblems(problems: Problem[], out: Console): void {
  for (const problem of problems) out.warn(`${formatProblem({ ...problem })}\n`);
}

function stopFor(problems: Problem[]): Stop {
  return new Stop(
    exitCodes.usage,
    problems.map((problem) => ({ ...problem, text: formatProblem(problem) })),
  );
}

/** A path as a person would write it from here. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** The command line: finds the command, loads it, and is the one place where a command ends. */
import { parseCall } from './arguments.ts';
import type { Command } from './command.ts';
import { type Console, consoleOf } from './console.ts';
import { didYouMean } from './did-you-mean.ts';
import { commandHelp, overview } from './help.ts';
import { swallowedByNpm } from './npm.ts';
import { version } from './place.ts';
import { exitCodes, problem, renderProblem, Stop, usage } from './problem.ts';
import { entries } from './table.ts';

/** Runs one command line and returns its exit code; every error becomes text and a code here and nowhere else. */
export async function main(argv: string[], env: NodeJS.ProcessEnv, out: Console): Promise<number> {
  try {
    return await dispatch(argv, env, out);
  } catch (error) {
    return report(error, env, out);
  }
}

async function dispatch(argv: string[], env: NodeJS.ProcessEnv, out: Console): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (['--version', '-v', 'version'].includes(name)) return say(out, version());
  if (['help', '--help', '-h'].includes(name))
    return say(out, rest[0] === undefined ? overview(version()) : commandHelp(await load(rest[0])));
  const command = await load(name);
  if (rest.includes('--help') || rest.includes('-h')) return say(out, commandHelp(command));
  await refuseSwallowed(command, rest, env);
  const parsed = parseCall(command, rest, out);
  if ('problems' in parsed) throw usage(...parsed.problems);
  return await command.run(parsed.call);
}

function say(out: Console, text: string): number {
  out.print(text);
  return exitCodes.passed;
}

async function load(name: string): Promise<Command> {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry !== undefined) return (await entry.load()).command;
  const names = entries.map((candidate) => candidate.name);
  const remedy = didYouMean(name, names);
  throw usage(problem('FD7001', `there is no command "${name}"`, remedy ? { remedy } : {}));
}

async function refuseSwallowed(command: Command, words: string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (env['npm_lifecycle_event'] === undefined) return;
  const inputs = command.takesInputs ? await declaredInputs(words) : [];
  const swallowed = swallowedByNpm(env, words, { ...command, inputs });
  if (swallowed !== undefined) throw usage(swallowed);
}

async function declaredInputs(words: string[]): Promise<string[]> {
  const { findRunbook, inputNames } = await import('./runbook.ts');
  return words.flatMap((word) => {
    const found = findRunbook(word);
    return found === undefined ? [] : inputNames(found);
  });
}

function report(error: unknown, env: NodeJS.ProcessEnv, out: Console): number {
  const trace = env['FIREDRILL_DEBUG'] ? String((error as Error)?.stack ?? error) : undefined;
  const stop =
    error instanceof Stop
      ? error
      : new Stop(exitCodes.broken, [
          problem('FD7099', error instanceof Error ? error.message : String(error)),
        ]);
  if (out.json) out.data({ exit: stop.exit, problems: stop.problems });
  else for (const found of stop.problems) out.warn(renderProblem(found));
  if (stop.problems.length > 1 && !out.json) out.warn(`${stop.problems.length} problems`);
  if (trace !== undefined) out.warn(trace);
  return stop.exit;
}

if (import.meta.main) {
  const argv = process.argv.slice(2);
  // A reader that stops early (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  const code = await main(argv, process.env, consoleOf(argv.includes('--json')));
  // Some SDK clients keep sockets open after their close; the command has ended.
  process.stdout.write('', () => process.exit(code));
}

/**
 * Flags that npm swallowed. `npm run start-workflow scenario-b --mover none`, without `--`, takes `--mover` for
 * a setting of npm: it vanishes from our arguments and shows up as the variable npm_config_mover. A drill that
 * ignored it would rehearse something else than was asked for.
 */
import type { Flag } from './command.ts';
import { type Problem, problem } from './problem.ts';

/** The scripts of package.json that call the command line. */
const scripts = ['start-workflow', 'schedule', 'lab', 'temporal', 'worker'];

export interface Swallowable {
  flags: Record<string, Flag>;
  /** Inputs of the runbook. */
  inputs: string[];
  /** How many arguments the command takes: what is over is the value of a swallowed flag. */
  arguments: { max: number };
}

export function swallowedByNpm(
  env: NodeJS.ProcessEnv,
  words: string[],
  expected: Swallowable,
): Problem | undefined {
  const script = env['npm_lifecycle_event'];
  if (script === undefined || !scripts.includes(script)) return undefined;
  const names = [...Object.keys(expected.flags), ...expected.inputs];
  const swallowed = names.filter((name) => npmSetting(env, name));
  if (swallowed.length === 0) return undefined;
  const given = words.filter((word) => !word.startsWith('-'));
  const spare = given.slice(expected.arguments.max);
  const flags = swallowed.map((name) => {
    if (expected.flags[name]?.type === 'boolean') return `--${name}`;
    const value = npmSetting(env, name);
    return `--${name} ${value === 'true' ? (spare.shift() ?? 'VALUE') : value}`;
  });
  const kept = words.filter((word) => !given.slice(expected.arguments.max).includes(word));
  return problem('FD7005', `npm kept ${swallowed.map((name) => `--${name}`).join(', ')} for itself`, {
    where: 'command line',
    remedy: `Nothing was started. Put "--" before the arguments: npm run ${script} -- ${[...kept, ...flags].join(' ')}`,
  });
}

function npmSetting(env: NodeJS.ProcessEnv, name: string): string | undefined {
  // An empty value is how npm passes on a false or absent setting of its own.
  return env[`npm_config_${name.replaceAll('-', '_').toLowerCase()}`] || undefined;
}

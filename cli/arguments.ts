/** Words of the command line → a call. All mistakes at once; nothing is looked up or opened here. */
import type { Call, Command, Flag } from './command.ts';
import type { Console } from './console.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Problem, problem } from './problem.ts';

interface Parsed {
  words: string[];
  values: Map<string, (string | true)[]>;
  inputs: Record<string, string | true>;
  problems: Problem[];
}

export type ParsedCall = { call: Call } | { problems: Problem[] };

export function parseCall(command: Command, argv: string[], out: Console): ParsedCall {
  const parsed: Parsed = { words: [], values: new Map(), inputs: Object.create(null), problems: [] };
  for (let at = 0; at < argv.length; ) at = takeWord(command, argv, at, parsed);
  const { min, max } = command.arguments;
  if (parsed.words.length < min)
    parsed.problems.push(problem('FD7004', `an argument is missing: ${command.usage}`));
  for (const word of parsed.words.slice(max))
    parsed.problems.push(problem('FD7004', `"${word}" is one argument too many: ${command.usage}`));
  return parsed.problems.length > 0 ? { problems: parsed.problems } : { call: callOf(parsed, out) };
}

/** Reads the word at `at`, with its value if it takes one; returns where the next one begins. */
function takeWord(command: Command, argv: string[], at: number, parsed: Parsed): number {
  const word = argv[at]!;
  if (word === '--') {
    parsed.words.push(...argv.slice(at + 1));
    return argv.length;
  }
  if (!word.startsWith('-') || word === '-') {
    parsed.words.push(word);
    return at + 1;
  }
  const [name, inline] = split(word.replace(/^--?/, ''));
  const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
  if (flag === undefined && command.takesInputs === undefined) {
    const remedy = didYouMean(name, Object.keys(command.flags), '--');
    parsed.problems.push(problem('FD7002', `there is no flag ${word}`, remedy ? { remedy } : {}));
    return at + 1;
  }
  const follows = argv[at + 1];
  const hasNext = follows !== undefined && !/^--?[a-z]/.test(follows);
  if (flag === undefined) {
    addInput(parsed, name, inline ?? (hasNext ? follows : true));
    return at + (inline === undefined && hasNext ? 2 : 1);
  }
  return takeFlag(name, flag, inline, hasNext ? follows : undefined, at, parsed);
}

function takeFlag(
  name: string,
  flag: Flag,
  inline: string | undefined,
  follows: string | undefined,
  at: number,
  parsed: Parsed,
): number {
  const values = parsed.values.get(name) ?? [];
  parsed.values.set(name, values);
  if (values.length > 0 && flag.multiple !== true)
    parsed.problems.push(problem('FD7003', `--${name} is given twice`, { remedy: 'Give it once.' }));
  if (flag.type === 'boolean') {
    if (inline !== undefined)
      parsed.problems.push(problem('FD7003', `--${name} takes no value, found "${inline}"`));
    values.push(true);
    return at + 1;
  }
  const value = inline ?? follows;
  if (value === undefined) {
    parsed.problems.push(problem('FD7003', `--${name} needs a value: --${name} ${flag.value ?? 'VALUE'}`));
    return at + 1;
  }
  values.push(value);
  if (name === 'input') addPair(parsed, value);
  return at + (inline === undefined ? 2 : 1);
}

/** `--input k=v`: works for an input of any name, also one that is named like a flag of ours. */
function addPair(parsed: Parsed, pair: string): void {
  const [name, value] = split(pair);
  if (value === undefined)
    parsed.problems.push(problem('FD7003', `--input ${pair}: write it as --input NAME=VALUE`));
  else addInput(parsed, name, value);
}

function addInput(parsed: Parsed, name: string, value: string | true): void {
  if (Object.hasOwn(parsed.inputs, name))
    parsed.problems.push(problem('FD7007', `the input ${name} is given twice`));
  parsed.inputs[name] = value;
}

function split(text: string): [string, string | undefined] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

function callOf(parsed: Parsed, out: Console): Call {
  const last = (flag: string) => parsed.values.get(flag)?.at(-1);
  return {
    arguments: parsed.words,
    text: (flag) => {
      const value = last(flag);
      return typeof value === 'string' ? value : undefined;
    },
    on: (flag) => last(flag) === true,
    all: (flag) => (parsed.values.get(flag) ?? []).filter((value) => typeof value === 'string'),
    inputs: parsed.inputs,
    out,
  };
}

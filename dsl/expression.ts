/**
 * CEL as the language has it: JSON's one kind of number is usable beside int literals, nothing reads a clock.
 * Imported by the workflow: no Node built-ins in here.
 */
import {
  type ASTNode,
  Environment,
  EvaluationError,
  ParseError,
  TypeError as StaticTypeError,
} from '@marcbachmann/cel-js';
import type { Json } from './plan.ts';

/** What went wrong in an expression, at a character of it. */
export interface ExpressionFault {
  offset: number;
  what: string;
}

/** What an expression reads. Offsets are those of the name. */
export interface References {
  inputs: { name: string; offset: number }[];
  steps: { id: string; offset: number }[];
  /** `inputs` or `steps` used other than by naming one. */
  bare: { root: string; offset: number }[];
  item: { offset: number } | undefined;
  windows: { step?: string; duration?: string; offset: number }[];
  /** Calls of functions that the language leaves out. */
  refused: { name: string; offset: number }[];
}

/** An expression nobody can read is a program: far more than any condition needs. */
const limits = {
  maxAstNodes: 500,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 200,
  maxCallArguments: 8,
};
/** Their results are not JSON, and time is the run's, not the expression's. */
const refusedFunctions: ReadonlySet<string> = new Set(['timestamp', 'duration', 'bytes', 'uint', 'type']);

/** An environment without variables; clone it. Int and double mix, as they do in JSON. */
export const language: Environment = withMixedNumbers(
  new Environment({ unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false, limits }),
);

function withMixedNumbers(environment: Environment): Environment {
  const operators: Record<string, (left: number, right: number) => number> = {
    '+': (left, right) => left + right,
    '-': (left, right) => left - right,
    '*': (left, right) => left * right,
    '/': (left, right) => left / right,
  };
  for (const [sign, apply] of Object.entries(operators))
    for (const types of [
      ['int', 'double'],
      ['double', 'int'],
    ])
      environment.registerOperator(`${types[0]} ${sign} ${types[1]}`, (left, right) =>
        apply(Number(left), Number(right)),
      );
  environment.registerOperator('int == double', (left, right) => Number(left) === Number(right));
  return environment;
}

/** For expressions whose types were checked when they were compiled. */
const parsing = language.clone();
for (const root of ['inputs', 'fleet', 'steps', 'item']) parsing.registerVariable(root, 'dyn');
parsing.registerFunction('window(string, string): dyn', () => null);

/** What an expression reads, or why it is not CEL. */
export function referencesOf(cel: string): { references: References } | { fault: ExpressionFault } {
  try {
    const references: References = {
      inputs: [],
      steps: [],
      bare: [],
      item: undefined,
      windows: [],
      refused: [],
    };
    collect(parsing.parse(cel).ast, references);
    return { references };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** The words of the library's error, without its own drawing of the place. */
export function faultOf(error: unknown): ExpressionFault {
  if (error instanceof ParseError || error instanceof StaticTypeError || error instanceof EvaluationError)
    return { offset: error.range?.start ?? 0, what: error.summary };
  return { offset: 0, what: error instanceof Error ? error.message : String(error) };
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The name in `root.name` or `root['name']`. */
function member(node: ASTNode): { root: string; name: string; offset: number } | undefined {
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [owner, name] = node.args;
  if (owner.op !== 'id') return undefined;
  if (typeof name === 'string') return { root: owner.args, name, offset: node.pos };
  if (name.op === 'value' && typeof name.args === 'string')
    return { root: owner.args, name: name.args, offset: name.start };
  return undefined;
}

function collect(value: unknown, found: References): void {
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found);
    return;
  }
  if (!isNode(value)) return;
  const named = member(value);
  if (named?.root === 'inputs') found.inputs.push(named);
  else if (named?.root === 'steps') found.steps.push({ id: named.name, offset: named.offset });
  else if (value.op === 'id') collectRoot(value.args, value.start, found);
  else {
    if (value.op === 'call') collectCall(value.args[0], value.args[1], value.start, found);
    collect(value.args, found);
  }
}

function collectRoot(root: string, offset: number, found: References): void {
  if (root === 'item') found.item ??= { offset };
  else if (root === 'inputs' || root === 'steps') found.bare.push({ root, offset });
}

function collectCall(name: string, args: ASTNode[], offset: number, found: References): void {
  if (refusedFunctions.has(name)) found.refused.push({ name, offset });
  if (name !== 'window') return;
  const literal = (node: ASTNode | undefined) =>
    node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
  const step = literal(args[0]);
  const duration = literal(args[1]);
  found.windows.push({
    offset,
    ...(step !== undefined && { step }),
    ...(duration !== undefined && { duration }),
  });
}

/**
 * JSON as CEL sees it: a whole number is an int unless its path says double. Numbers beyond 2^53 are doubles.
 * `doubles` are the paths that are left below this value.
 */
export function toCel(value: Json, doubles: readonly (readonly string[])[] = []): unknown {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !doubles.some((path) => path.length === 0) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  const below = (key: string) =>
    doubles.filter((path) => path[0] === '*' || path[0] === key).map((path) => path.slice(1));
  if (Array.isArray(value)) {
    const inItems = below('*');
    return value.map((one) => toCel(one, inItems));
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toCel(one, below(key))]));
}

/** A CEL result as JSON. Throws RangeError on what JSON cannot hold. */
export function fromCel(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new RangeError(`${value} is beyond 2^53 and cannot leave exactly`);
    return number;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number JSON can hold`);
    return value;
  }
  if (Array.isArray(value)) return value.map(fromCel);
  if (typeof value === 'object' && isPlain(value)) {
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    return Object.fromEntries(entries.map(([key, one]) => [String(key), fromCel(one)]));
  }
  throw new RangeError('the result is no JSON value');
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || value instanceof Map;
}

/**
 * Evaluates what only a run can know. Called by the workflow: deterministic, and nothing of Node in here. Types
 * were checked when the runbook was compiled.
 */
import { askableMembers } from './askable.ts';
import { faultOf, fromCel, language, referencesOf, toCel } from './expression.ts';
import type { Fleet } from './fleet.ts';
import { milliseconds } from './milliseconds.ts';
import type { Cel, Json, Place, Template } from './plan.ts';
import type { Window } from './window.ts';

/** What an expression sees. */
export interface Scope {
  inputs: Record<string, Json>;
  /** As `fleetScope` gives it. */
  fleet: Json;
  /** By id: `{ status, output }`; `output` is null when skipped, a list in item order outside its loop. */
  steps: Record<string, Json>;
  /** The item of the innermost `for-each`. */
  item?: Json;
  /** Requests of the last `ms` before now. */
  window(step: string, ms: number): Window;
}

/** What expressions see of the fleet: facts, no addresses and no references to secrets. */
export function fleetScope(fleet: {
  name: string;
  tier: string;
  production: boolean;
  members: Fleet['members'];
}): { name: string; tier: string; production: boolean; members: string[]; askable: string[] } {
  const { name, tier, production, members } = fleet;
  return { name, tier, production, members: Object.keys(members), askable: askableMembers(fleet) };
}

/** An expression that could not be evaluated: a failure of its step, at a place of the runbook. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  readonly place: Place;
  readonly expression: string;

  constructor(expression: string, place: Place, what: string) {
    super(`${place.file}:${place.line}:${place.column}: ${what}, in: ${expression}`);
    this.place = place;
    this.expression = expression;
  }
}

/** Paths below `window(…)` that are doubles even when whole. */
const windowDoubles = [['availability'], ['routed', '*'], ['served', '*']];

/** The value of an expression as JSON. Throws EvaluationError. */
export function evaluate(cel: Cel, scope: Scope): Json {
  const environment = language
    .clone()
    .registerVariable('inputs', 'dyn')
    .registerVariable('fleet', 'dyn')
    .registerVariable('steps', 'dyn')
    .registerVariable('item', 'dyn')
    .registerFunction('window(string, string): dyn', (step: string, duration: string) =>
      toCel(scope.window(step, milliseconds(duration)) as unknown as Json, windowDoubles),
    );
  try {
    return fromCel(environment.evaluate(cel.cel, contextOf(cel, scope)));
  } catch (error) {
    const { offset, what } = faultOf(error);
    throw new EvaluationError(cel.cel, placeIn(cel, offset), what);
  }
}

/** Only what the expression reads is converted: outputs hold long series. */
function contextOf(cel: Cel, scope: Scope): Record<string, unknown> {
  const read = referencesOf(cel.cel);
  const named = 'references' in read ? read.references.steps.map(({ id }) => id) : [];
  const below = (root: string, key?: string) =>
    (cel.doubles ?? [])
      .filter((path) => path[0] === root && (key === undefined || path[1] === key))
      .map((path) => path.slice(key === undefined ? 1 : 2));
  const steps = named
    .filter((id) => Object.hasOwn(scope.steps, id))
    .map((id) => [id, toCel(scope.steps[id]!, below('steps', id))]);
  return {
    inputs: toCel(cel.inputs ?? scope.inputs),
    fleet: toCel(scope.fleet),
    steps: Object.fromEntries(steps),
    ...(scope.item !== undefined && { item: toCel(scope.item, below('item')) }),
  };
}

function placeIn({ cel, at }: Cel, offset: number): Place {
  const lines = cel.slice(0, offset).split('\n');
  return { file: at.file, line: at.line + lines.length - 1, column: at.column + lines.at(-1)!.length };
}

/** The template with every expression evaluated. Throws EvaluationError. */
export function fill(template: Template, scope: Scope): Json {
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) return template.map((one) => fill(one, scope));
  if (isCel(template)) return evaluate(template.$cel, scope);
  if (isText(template))
    return template.$text
      .map((part) => (typeof part === 'string' ? part : textOf(evaluate(part, scope))))
      .join('');
  return Object.fromEntries(Object.entries(template).map(([key, one]) => [key, fill(one, scope)]));
}

export function isCel(template: Template): template is { $cel: Cel } {
  return template !== null && typeof template === 'object' && '$cel' in template;
}

export function isText(template: Template): template is { $text: (string | Cel)[] } {
  return template !== null && typeof template === 'object' && '$text' in template;
}

/** A value inside a longer text: as it is, or as JSON when it has parts. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One step with `uses` into a node of the Plan. */
import { type Compilation, type Origin, report } from './compilation.ts';
import { compileExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { KindDescription } from './kind.ts';
import { milliseconds } from './milliseconds.ts';
import { nearest } from './nearest.ts';
import type { Json, Step, Template } from './plan.ts';
import { shown } from './problem.ts';
import { approval } from './schema.ts';
import type { Path } from './source.ts';
import { compileInput } from './step-input.ts';
import { knownValue } from './template.ts';
import { typeText } from './types.ts';

type Fields = { [key: string]: Json };
type Base = Pick<Step, 'path' | 'scope' | 'id' | 'at' | 'if' | 'onFailure' | 'askWithinMs'>;

const RETRY = { attempts: 3, backoffMs: 500 };
const APPROVAL_WITHIN = '30m';

/** Undefined when there is no such kind, which was reported. Fills in the origin. */
export function buildStep(
  compilation: Compilation,
  frame: Frame,
  origin: Origin,
  base: Base,
  text: Fields,
  undo: Step['undo'],
): Step | undefined {
  const { unit, path } = origin;
  const kind = kindOf(compilation, origin, frame, text['uses']);
  const approved = approvalOf(compilation, origin, frame, text['approval']);
  if (kind === undefined) {
    // Others may refer to it: that is no second mistake.
    if (base.id !== undefined && text['background'] === true) frame.streams.add(base.id);
    else if (base.id !== undefined) frame.completed.set(base.id, 'dyn');
    return undefined;
  }
  origin.kind = kind;
  if (approved !== undefined) origin.approval = approved;
  const written = isFields(text['with']) ? text['with'] : {};
  const input = compileInput(compilation, unit, [...path, 'with'], frame, kind, written, origin.skipped);
  if (input.inputs !== undefined) origin.inputs = input.inputs;
  if (input.open) origin.open = true;
  const answered = approved?.standing === true && compilation.options.scheduled === true;
  return {
    ...base,
    type: 'step',
    title: typeof text['name'] === 'string' ? text['name'] : titleOf(kind, input.with),
    uses: kind.name,
    version: kind.version,
    effect: kind.effect,
    verbs: kind.verbs,
    ...(kind.undoPhase !== undefined && { undoPhase: kind.undoPhase }),
    queue: kind.queue,
    mover: kind.mover,
    with: input.with,
    timeoutMs: typeof text['timeout'] === 'string' ? milliseconds(text['timeout']) : kind.timeoutMs,
    retry: retryOf(text['retry']),
    fault: text['fault'] === true && !origin.skipped,
    background: text['background'] === true,
    ...(approved !== undefined && !answered && { approval: { withinMs: approved.withinMs } }),
    optional: text['optional'] === true,
    undo,
  };
}

function isFields(value: Json | undefined): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function kindOf(
  compilation: Compilation,
  origin: Origin,
  frame: Frame,
  written: Json | undefined,
): KindDescription | undefined {
  const { catalogue } = compilation.options;
  const path = [...origin.path, 'uses'];
  const name = written === undefined ? undefined : knownValue(compilation, origin.unit, path, frame, written);
  if (typeof name !== 'string') return undefined;
  const kind = catalogue.get(name);
  if (kind !== undefined) return kind;
  report(compilation, origin.unit, path, {
    code: 'FD1401',
    what: `there is no step kind '${name}'`,
    found: shown(name),
    expected: 'a kind of the catalogue',
    nearest: nearest(name, catalogue.keys()),
    remedy: "Correct the name; 'npx firedrill steps' lists all kinds",
  });
  return undefined;
}

function retryOf(written: Json | undefined): Step['retry'] {
  if (typeof written === 'number') return { ...RETRY, attempts: written };
  if (!isFields(written)) return RETRY;
  const backoff = written['backoff'];
  return {
    attempts: Number(written['attempts']),
    backoffMs: typeof backoff === 'string' ? milliseconds(backoff) : RETRY.backoffMs,
  };
}

/** Who must approve is settled now: `approval.if` may read inputs and fleet only. */
function approvalOf(
  compilation: Compilation,
  origin: Origin,
  frame: Frame,
  written: Json | undefined,
): Origin['approval'] {
  const { unit } = origin;
  const path: Path = [...origin.path, 'approval'];
  const parsed = approval.safeParse(written);
  if (!parsed.success || parsed.data === false) return undefined;
  const { if: condition, within, standing } = parsed.data === true ? {} : parsed.data;
  const asked: Origin['approval'] = {
    withinMs: milliseconds(within ?? APPROVAL_WITHIN),
    standing: standing === 'approve',
  };
  if (condition === undefined) return asked;
  const site = { unit, path: [...path, 'if'], index: 0, reads: 'known' } as const;
  const compiled = compileExpression(compilation, site, frame, String(condition));
  if (compiled === undefined) return undefined;
  if (compiled.cel === undefined && typeof compiled.value === 'boolean')
    return compiled.value ? asked : undefined;
  report(compilation, unit, site.path, {
    code: 'FD1302',
    what: 'the expression does not give true or false',
    found: typeText(compiled.type),
    expected: 'true or false',
    remedy: 'Write a condition, e.g. fleet.production',
  });
  return undefined;
}

/** What a step is called when its author gives no name: the kind and what it is about. */
function titleOf(kind: KindDescription, input: Template): string {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return kind.name;
  const about = ['cluster', 'backend', 'workload', 'for', 'to']
    .map((key) => (input as Record<string, Template>)[key])
    .filter((value): value is string => typeof value === 'string');
  return [kind.name, ...about].join(' ');
}

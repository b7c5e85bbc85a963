/**
 * The shape of a runbook's text. Blocks of steps are `unknown` here: the compiler goes into them itself, so that
 * each step is checked against the one shape its author meant and not against a union of six.
 */
import { z } from 'zod';
import { duration } from './duration.ts';

/** Words that CEL keeps for itself. */
export const reservedWords: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
/** Names an expression can start with. */
export const roots: ReadonlySet<string> = new Set(['inputs', 'fleet', 'steps', 'item', 'window']);

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { message: 'a name: a small letter, then small letters, digits and _' })
  .refine((name) => !reservedWords.has(name), { message: 'a name that is not a word of CEL' });
export const runbookName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, { message: 'a name: a small letter, then small letters, digits and -' });
const text = z.string().min(1);
const steps = z.array(z.unknown()).min(1);
const whole = z.number().int().positive();

/** `85%` or 0.85, as a share 0..1. */
export const share = z.union([
  z.number().min(0).max(1),
  z.string().regex(/^(?:100|\d{1,2}(?:\.\d+)?)%$/, { message: 'a share such as 85% or 0.85' }),
]);
export function shareOf(written: number | string): number {
  return typeof written === 'number' ? written : Number((Number(written.slice(0, -1)) / 100).toFixed(6));
}

const described = { description: text.optional() };
export const input = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('string'), default: z.string().optional(), ...described }),
  z.strictObject({ type: z.literal('int'), default: z.number().int().optional(), ...described }),
  z.strictObject({ type: z.literal('bool'), default: z.boolean().optional(), ...described }),
  z.strictObject({ type: z.literal('duration'), default: duration.optional(), ...described }),
  z.strictObject({ type: z.literal('cluster'), default: text.optional(), ...described }),
  z.strictObject({
    type: z.literal('enum'),
    of: z.array(text).min(1),
    default: z.string().optional(),
    ...described,
  }),
  z.strictObject({
    type: z.literal('list'),
    of: z.array(text).min(1).optional(),
    default: z.array(z.string()).optional(),
    ...described,
  }),
]);
export type InputDeclaration = z.infer<typeof input>;

export const need = z.union([
  runbookName,
  z.strictObject({ runbook: runbookName, with: z.record(z.string(), z.unknown()).optional() }),
]);

const goals = { rto: duration.optional(), availability: share.optional() };
export const objective = z.strictObject({
  ...goals,
  settle: duration.optional(),
  recover: z.strictObject(goals).optional(),
});

export const guard = z.strictObject({
  allow: z.array(text).min(1).optional(),
  blast: z
    .strictObject({ namespaces: whole.optional(), bindings: whole.optional(), pods: whole.optional() })
    .optional(),
  'survivor-capacity': z.boolean().optional(),
  blackout: z.array(z.strictObject({ cron: text, timezone: text, for: duration, reason: text })).optional(),
  floor: z.strictObject({ step: identifier, availability: share, window: duration }).optional(),
});

export const runbook = z.strictObject({
  name: runbookName,
  title: text.optional(),
  needs: z.union([need, z.array(need)]).optional(),
  objective: objective.optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  guard: guard.optional(),
  setup: steps.optional(),
  verify: steps.optional(),
  steps: steps.optional(),
  recover: steps.optional(),
});

/** Bare CEL; `true` and `false` may be written as YAML booleans. */
const condition = z.union([text, z.boolean()]);
const control = {
  id: identifier.optional(),
  name: text.optional(),
  if: condition.optional(),
  'on-failure': z.enum(['stop', 'continue', 'ask']).optional(),
  'ask-within': duration.optional(),
};
const loop = {
  'for-each': z.union([text, z.array(z.unknown())]).optional(),
  'max-parallel': z.number().int().min(1).max(200).optional(),
};

export const approval = z.union([
  z.boolean(),
  z.strictObject({
    if: condition.optional(),
    within: duration.optional(),
    /** The answer given once and for all, for runs that a schedule starts. */
    standing: z.literal('approve').optional(),
  }),
]);

export const shapes = {
  uses: z.strictObject({
    ...control,
    ...loop,
    uses: text,
    with: z.record(z.string(), z.unknown()).optional(),
    timeout: duration.optional(),
    retry: z
      .union([
        z.number().int().min(1).max(20),
        z.strictObject({ attempts: z.number().int().min(1).max(20), backoff: duration.optional() }),
      ])
      .optional(),
    fault: z.boolean().optional(),
    background: z.boolean().optional(),
    approval: approval.optional(),
    optional: z.boolean().optional(),
    undo: z.union([z.literal('none'), steps]).optional(),
  }),
  assert: z.strictObject({ ...control, ...loop, assert: condition }),
  parallel: z.strictObject({ ...control, ...loop, parallel: steps }),
  steps: z.strictObject({ ...control, ...loop, steps }),
  undo: z.strictObject({ ...control, undo: identifier, timeout: duration.optional() }),
} as const;
export type ShapeName = keyof typeof shapes;
/** In the order in which they are looked for: a step with `uses` may have an `undo` of its own. */
export const shapeNames: readonly ShapeName[] = ['uses', 'assert', 'parallel', 'steps', 'undo'];

export type StepText = z.infer<typeof shapes.uses>;
export type BlockText = z.infer<(typeof shapes)[ShapeName]>;
export type RunbookText = z.infer<typeof runbook>;

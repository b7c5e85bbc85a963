/** One problem of a 422, in the words of apimachinery's field errors. */
import type { FieldProblem } from '../status-error.ts';

export type { FieldProblem };

/** Values as Go prints them in messages: text quoted, everything else as JSON. */
const shown = (value: unknown) => JSON.stringify(value ?? null);

export function wrong(field: string, value: unknown, why: string): FieldProblem {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${why}` };
}

export function required(field: string, why = ''): FieldProblem {
  return { field, reason: 'FieldValueRequired', message: `Required value${why && `: ${why}`}` };
}

export function forbiddenValue(field: string, why: string): FieldProblem {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` };
}

export function duplicate(field: string, value: unknown, why = ''): FieldProblem {
  return {
    field,
    reason: 'FieldValueDuplicate',
    message: `Duplicate value: ${shown(value)}${why && `: ${why}`}`,
  };
}

export function unsupported(field: string, value: unknown, supported: readonly string[]): FieldProblem {
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  return {
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}: supported values: ${list}`,
  };
}

export function nonNegative(field: string, value: unknown): FieldProblem[] {
  if (typeof value !== 'number' || value >= 0) return [];
  return [wrong(field, value, 'must be greater than or equal to 0')];
}

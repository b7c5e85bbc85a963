/** A step's input as its kind takes it: checked, and with the defaults that its author left out. */
import { z } from 'zod';
import type { KindDescription } from '../dsl/kind.ts';
import type { Json } from '../dsl/plan.ts';
import { refused } from './failure.ts';

/** Throws `refused` when the run gave it something else than it takes. */
export function inputOf(kind: KindDescription, input: Json): Json {
  const parsed = kind.input.safeParse(input);
  if (parsed.success) return parsed.data as Json;
  throw refused({
    code: 'FD6013',
    where: kind.name,
    what: `its input does not fit: ${z.prettifyError(parsed.error)}`,
    remedy:
      'The expressions in `with` gave something else than the kind takes; `npx firedrill explain` shows what it takes',
  });
}

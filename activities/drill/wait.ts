import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import { defineKind } from '../kind.ts';

const input = z.strictObject({ for: duration });
const output = z.object({ waitedMs: z.number() });

export const wait = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  name: 'drill/wait',
  version: 1,
  summary: 'Do nothing for a while',
  doc: 'Waits, and nothing else: to let a state last so that it can be judged. To wait for something, use a kind that looks. A worker that dies meanwhile does not make it longer.',
  example: { for: '10s' },
  input,
  output,
  effect: 'reads',
  timeoutMs: 3_600_000,
  permissions: () => [],
  check: (given) =>
    milliseconds(given.for) <= 3_600_000
      ? []
      : [
          {
            path: ['for'],
            found: given.for,
            expected: 'at most 1h',
            remedy: 'A drill is no place to wait longer; split it in two runbooks',
          },
        ],

  async look(given, context) {
    const beganMs = (context.previous as { beganMs: number } | undefined)?.beganMs ?? Date.now();
    context.heartbeat({ beganMs });
    await context.sleep(Math.max(0, beganMs + milliseconds(given.for) - Date.now()));
    return { waitedMs: Date.now() - beganMs };
  },
});

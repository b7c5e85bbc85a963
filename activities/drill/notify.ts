import { z } from 'zod';
import { nearest } from '../../dsl/nearest.ts';
import { defineKind } from '../kind.ts';

const input = z.strictObject({
  to: z.string().min(1).meta({ description: 'A receiver under `notify` in the fleet file' }),
  message: z.string().min(1).max(4_000),
});
const output = z.object({ to: z.string(), sentAtMs: z.number() });

export const notify = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  name: 'drill/notify',
  version: 1,
  summary: 'Tell people',
  doc: 'Posts the message, with the runbook and the run before it, to a receiver of the fleet file as `{"text": …}`, which Slack, Teams workflows, Mattermost and Google Chat take. A worker that dies right after it was sent may send it twice.',
  example: { to: 'oncall', message: 'The drill begins' },
  input,
  output,
  effect: 'reads',
  timeoutMs: 60_000,
  permissions: () => [],
  check: (given, fleet) => {
    const known = fleet.notify.map((one) => one.name);
    if (known.includes(given.to)) return [];
    return [
      {
        path: ['to'],
        found: given.to,
        expected:
          known.length > 0
            ? `a receiver of the fleet: ${known.join(', ')}`
            : 'a receiver; the fleet has none',
        nearest: nearest(given.to, known),
        remedy: 'Add it under `notify` in the fleet file',
      },
    ];
  },

  async look(given, context) {
    const text = `[${context.runbook} ${context.run}] ${given.message}`;
    await context.ports.notifier.notify(given.to, text, context.signal);
    return { to: given.to, sentAtMs: Date.now() };
  },
});

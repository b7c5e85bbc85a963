import { z } from 'zod';
import { milliseconds } from '../../dsl/duration.ts';
import { refused } from '../failure.ts';
import { defineKind, type StepContext } from '../kind.ts';
import { checkLoad, type LoadInput, load, refuseFirst } from './input.ts';
import { generateLoad, type Span } from './load.ts';
import { checkTarget } from './preflight.ts';
import { createSummary } from './summary.ts';
import { type Summary, summary } from './summary-shape.ts';

export const generate = defineKind<LoadInput, Summary>({
  name: 'traffic/generate',
  version: 1,
  summary: 'Send requests as users would, evenly, and count who answered',
  doc: `Sends requests to the load balancer's host (or, with \`via\`, to a member's own entry point) in an open loop:
each leaves when it is due, whatever became of those before, and its latency counts from when it was due, so that an
outage is not hidden by a generator that waits for it. With \`background: true\` it goes on until the drill has ended;
\`window('ID', '10s')\` in an expression reads it. As a step of its own it takes a \`duration\` and gives all that
\`hey\` prints, and who routed and who served. A fifth of the requests open a connection of their own, the others take
turns on kept ones; redirects are not followed; 4xx, 5xx, errors and time-outs are failed requests, and so is one that
could not be sent because too many were under way (\`dropped\`).`,
  example: { rate: '50/s', duration: '20s' },
  input: load,
  output: summary,
  effect: 'reads',
  queue: 'traffic',
  background: true,
  timeoutMs: 600_000,
  permissions: () => [],
  check: checkLoad,
  preflight: checkTarget,
  slice: async (input, window, context) => {
    refuseFirst(checkLoad(input, context.fleet));
    return (await generateLoad(input, window, context)).result;
  },
  look,
});

async function look(input: LoadInput, context: StepContext): Promise<Summary> {
  refuseFirst(checkLoad(input, context.fleet));
  const span = spanOf(input, context);
  const counted = createSummary();
  const { result, tally } = await generateLoad(input, span, context, counted.record);
  context.signal.throwIfAborted();
  return counted.summarize(result, tally);
}

/** Time to open the session before the first request is due: one that is past when it begins counts as lost. */
const LEAD_MS = 100;

/** A retry goes on with the span of the attempt that was lost. */
function spanOf(input: LoadInput, context: StepContext): Span {
  if (input.duration === undefined)
    throw refused({
      code: 'FD5008',
      where: context.step,
      what: 'it has neither a duration nor `background: true`, and would never end',
      remedy: 'Give it a `duration` such as 20s, or `background: true`',
    });
  const durationMs = milliseconds(input.duration);
  const fromMs = beganMs(context.previous) ?? Date.now() + LEAD_MS;
  if (fromMs + durationMs + milliseconds(input.timeout) > context.deadlineMs)
    throw refused({
      code: 'FD5009',
      where: context.step,
      what: `its duration of ${input.duration} does not fit into its timeout`,
      remedy: 'Give the step a longer `timeout`, or the load a shorter `duration`',
    });
  return { fromMs, untilMs: fromMs + durationMs };
}

function beganMs(previous: unknown): number | undefined {
  const known = z.object({ fromMs: z.number() }).safeParse(previous);
  return known.success ? known.data.fromMs : undefined;
}

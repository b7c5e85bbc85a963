import { z } from 'zod';
import { duration, durationText, milliseconds } from '../../dsl/duration.ts';
import type { Json } from '../../dsl/plan.ts';
import { deviated, unjudged } from '../failure.ts';
import { defineKind, type StepContext } from '../kind.ts';
import type { Balancing } from '../ports/load-balancer.ts';
import { evidence, legs } from './evidence.ts';
import { backend, margin, permissionsOn, perSecond, unknownBackends } from './inputs.ts';
import { inspect, missingBackends, predicted, removalFindings } from './probes.ts';
import {
  type Criteria,
  judgeRemoval,
  leftoverBound,
  type RemovalState,
  requestsFor,
  windowOf,
} from './removal.ts';
import { type Sample, sample } from './sampling.ts';
import { createSeen, type Seen, seenSchema } from './seen.ts';
import { expectedShares } from './shares.ts';

const input = z.strictObject({
  backend: backend.meta({ description: 'The member that must get no more traffic' }),
  leftover: z.number().min(0.001).max(0.5).default(0.02).meta({
    description:
      'A share of traffic that must not have been missed, with 99 % confidence; decides how many requests are needed',
  }),
  requests: z.number().int().min(20).max(5_000).optional().meta({
    description: 'Requests of the window that proves it; default: ln(0.01) / ln(1 - leftover), 228 for 2 %',
  }),
  perSecond,
  requestTimeout: duration
    .default('5s')
    .meta({ description: 'A request without an answer fails after this' }),
  baseline: z.number().min(0).max(0.5).default(0).meta({
    description: 'Share of failures without a name that is normal here',
  }),
  margin,
  path: z.string().startsWith('/').default('/'),
});
type Input = z.infer<typeof input>;

const output = z.object({
  /** From the first sample to the moment it was proven. */
  afterMs: z.number(),
  /** Epoch ms of the last answer that the victim routed; absent when none was seen. */
  lastVictimMs: z.number().optional(),
  /** Epoch ms of the last failure that nobody can be named for. */
  lastUnattributedMs: z.number().optional(),
  requests: z.number(),
  failures: z.record(z.string(), z.number()),
  /** Of the survivors, in the window that proved it. */
  shares: z.record(z.string(), z.number()),
  expected: z.record(z.string(), z.number()),
  predicted: z.object({ minMs: z.number(), maxMs: z.number() }),
  /** `configuration`: when it was proven, nobody's probes decided; the backend was disabled or not first choice. */
  by: z.enum(['probes', 'configuration']),
  /** A share of traffic larger than this would have been seen with 99 % confidence. */
  leftoverBound: z.number(),
  evidence: legs,
  series: seenSchema.shape.series,
});

/** When the author gives no timeout. */
const TIMEOUT_MS = 180_000;

export const awaitRemoved = defineKind<Input, z.infer<typeof output>>({
  name: 'glb/await-removed',
  version: 1,
  summary: 'Wait until no user is sent to a backend any more, and prove it',
  doc: "Looks through the load balancer itself, at a steady rate and with new connections that spread over its points of presence. Removed means: within a window of at least one probe round and `requests` requests, no answer routed by the backend, no failure beyond `baseline` that nobody can be named for (a dead cluster answers without a name), and the survivors' shares as configured within `margin`. It ends at the earliest moment at which that holds. What it saw bounds what it can have missed: `leftoverBound`.",
  example: { backend: 'aks1' },
  input,
  output,
  effect: 'reads',
  timeoutMs: TIMEOUT_MS,
  permissions: (_, fleet) => permissionsOn(fleet, ['read']),
  check: (given, fleet) => unknownBackends([given.backend], 'backend', fleet),
  async preflight(given, context) {
    const { balancing, findings } = await inspect([given.backend], context);
    return [
      ...findings,
      ...missingBackends([given.backend], balancing),
      ...removalFindings(balancing, proofMs(given, balancing), context.timeoutMs ?? TIMEOUT_MS),
    ];
  },
  look,
});

const requestsOf = (given: Input) => given.requests ?? requestsFor(given.leftover);

/** How long the window lasts: enough requests at this rate, and a probe round. */
const proofMs = (given: Input, { probe }: Balancing) =>
  Math.max((requestsOf(given) * 1000) / given.perSecond, probe.intervalMs);

async function look(given: Input, context: StepContext): Promise<z.infer<typeof output>> {
  const { ports, fleet, signal } = context;
  if (!fleet.identity) throw nameless(fleet.file);
  const balancing = await ports.loadBalancer().describe(signal);
  const criteria: Criteria = {
    victim: given.backend,
    requests: requestsOf(given),
    windowMs: balancing.probe.intervalMs,
    baseline: given.baseline,
    expected: expectedShares(balancing, given.backend),
    margin: given.margin,
  };
  const seen = createSeen(given.backend, context.previous);
  let recent: Sample[] = [];
  let state: RemovalState | undefined;
  const target = ports.loadBalancer().target();
  const ended = await sample(
    {
      requester: ports.requester,
      target: { ...target, url: new URL(given.path, target.url).href },
      perSecond: given.perSecond,
      timeoutMs: milliseconds(given.requestTimeout),
      signal,
    },
    context.deadlineMs,
    (one) => {
      context.heartbeat(seen.add(one));
      recent.push(one);
      const window = windowOf(recent, criteria);
      if (!window) return false;
      recent = [...window];
      state = judgeRemoval(window, criteria);
      return state.removed;
    },
  );
  const summary = seen.summary();
  if (ended === 'out of time') throw notRemoved(given, summary, state ?? judgeRemoval(recent, criteria));
  // Read again: somebody may have taken it out by hand while it was watched.
  const configured = await ports.loadBalancer().describe(signal);
  return {
    afterMs: Date.now() - summary.firstMs,
    ...lastMoments(summary),
    requests: summary.requests,
    failures: summary.failures,
    shares: state?.shares ?? {},
    expected: criteria.expected,
    predicted: predicted(balancing),
    by: given.backend in expectedShares(configured) ? 'probes' : 'configuration',
    leftoverBound: leftoverBound(state?.requests ?? criteria.requests),
    evidence: await evidence(
      given.backend,
      configured,
      { requests: state?.requests ?? 0, firstMs: summary.firstMs },
      context,
    ),
    series: summary.series,
  };
}

const lastMoments = ({ lastVictimMs, lastUnattributedMs }: Seen) => ({
  ...(lastVictimMs !== undefined && { lastVictimMs }),
  ...(lastUnattributedMs !== undefined && { lastUnattributedMs }),
});

const nameless = (file: string) =>
  unjudged({
    code: 'FD4106',
    where: file,
    what: 'the fleet file has no `identity`: nobody can tell which member routed a request',
    remedy: 'Let each entry point mark its answers and name the header under `identity`',
  });

function notRemoved(given: Input, seen: Seen, state: RemovalState) {
  const details = {
    code: 'FD4107',
    where: given.backend,
    evidence: { seen: seen as unknown as Json, against: state.against, shares: state.shares },
  };
  if (seen.answered === 0)
    return unjudged({
      ...details,
      what: `none of ${seen.requests} requests to the load balancer was answered: ${JSON.stringify(seen.failures)}`,
      remedy: 'Check `loadBalancer.client` in the fleet file and the way from the worker to it',
    });
  const ago =
    seen.lastVictimMs === undefined
      ? ''
      : `, the last one ${durationText(Date.now() - seen.lastVictimMs)} ago`;
  return deviated({
    ...details,
    what: `the load balancer has not removed it: ${state.against.join('; ') || 'too few requests to tell'}${ago}`,
    remedy:
      'Look at its probes (path, interval, samples) and at points of presence that differ from the others',
  });
}

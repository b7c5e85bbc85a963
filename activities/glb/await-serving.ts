import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import { deviated, unjudged } from '../failure.ts';
import { defineKind, type StepContext } from '../kind.ts';
import type { Balancing } from '../ports/load-balancer.ts';
import { backend, margin, permissionsOn, perSecond, unknownBackends } from './inputs.ts';
import { inspect, missingBackends, probeOnce, probeProblem } from './probes.ts';
import { type Sample, sample } from './sampling.ts';
import { judgeServing, requestsForMargin, type Serving } from './serving.ts';
import { expectedShares } from './shares.ts';

const input = z.strictObject({
  backend: z
    .union([backend, z.array(backend).min(1)])
    .optional()
    .meta({ description: 'A member or several; default: every enabled backend' }),
  requests: z.number().int().min(20).max(5_000).optional().meta({
    description:
      'Requests of the window; default: enough to know a share to within `margin` with 99 % confidence',
  }),
  perSecond,
  requestTimeout: duration.default('5s'),
  margin,
  path: z.string().startsWith('/').default('/'),
});
type Input = z.infer<typeof input>;

const output = z.object({
  afterMs: z.number(),
  requests: z.number(),
  shares: z.record(z.string(), z.number()),
  expected: z.record(z.string(), z.number()),
  probes: z.record(z.string(), z.number()),
});

const TIMEOUT_MS = 180_000;
const BETWEEN_PROBES_MS = 500;

export const awaitServing = defineKind<Input, z.infer<typeof output>>({
  name: 'glb/await-serving',
  version: 1,
  summary: 'Wait until the backends serve at their configured shares',
  doc: 'First each named backend must answer a request in the shape of a probe with exactly 200, by a pod: a path that the ingress answers itself would stay healthy when the application dies, and is an error. Then requests through the load balancer must all succeed and be routed at the configured shares, judged by how far off they are (`margin`), never by a p-value.',
  example: { backend: 'aks1' },
  input,
  output,
  effect: 'reads',
  timeoutMs: TIMEOUT_MS,
  permissions: (_, fleet) => permissionsOn(fleet, ['read']),
  check: (given, fleet) => unknownBackends(listed(given) ?? [], 'backend', fleet),
  async preflight(given, context) {
    const names = listed(given) ?? Object.keys(context.fleet.loadBalancer?.backends ?? {});
    const { balancing, findings } = await inspect(names, context);
    return [...findings, ...missingBackends(names, balancing)];
  },
  look,
});

const listed = ({ backend: given }: Input): string[] | undefined =>
  typeof given === 'string' ? [given] : given;

async function look(given: Input, context: StepContext): Promise<z.infer<typeof output>> {
  const { ports, signal, deadlineMs } = context;
  const startedMs = Date.now();
  const balancing = await ports.loadBalancer().describe(signal);
  const expected = expectedShares(balancing);
  const names = listed(given) ?? Object.keys(expected).filter((name) => name in context.fleet.members);
  const probes = await probesPass(names, balancing, context);
  const criteria = { names, expected, margin: given.margin };
  const needed = given.requests ?? requestsForMargin(given.margin);
  const recent: Sample[] = [];
  let state: Serving | undefined;
  let answered = 0;
  const target = ports.loadBalancer().target();
  const ended = await sample(
    {
      requester: ports.requester,
      target: { ...target, url: new URL(given.path, target.url).href },
      perSecond: given.perSecond,
      timeoutMs: milliseconds(given.requestTimeout),
      signal,
    },
    deadlineMs,
    (one) => {
      if (one.answered) answered += 1;
      recent.push(one);
      if (recent.length > needed) recent.shift();
      if (recent.length < needed) return false;
      state = judgeServing(recent, criteria);
      context.heartbeat({ against: state.against });
      return state.against.length === 0;
    },
  );
  if (ended === 'out of time') throw notServing(state ?? judgeServing(recent, criteria), answered);
  return { afterMs: Date.now() - startedMs, requests: needed, shares: state?.shares ?? {}, expected, probes };
}

/** Each origin, asked as a probe would, must say 200 by a pod. Returns the statuses. */
async function probesPass(
  names: string[],
  balancing: Balancing,
  context: StepContext,
): Promise<Record<string, number>> {
  const passed = await Promise.all(
    names.map(async (name) => {
      for (;;) {
        const answer = await probeOnce(balancing, name, context);
        context.signal.throwIfAborted();
        const problem = probeProblem(answer, balancing.probe.path);
        if (!problem) return [name, answer.status ?? 0] as const;
        if (Date.now() + BETWEEN_PROBES_MS >= context.deadlineMs) throw probeFails(name, problem);
        await context.sleep(BETWEEN_PROBES_MS);
      }
    }),
  );
  return Object.fromEntries(passed);
}

const probeFails = (where: string, what: string) =>
  deviated({
    code: 'FD4108',
    where,
    what,
    remedy:
      'Let the probe ask for a path that the application itself answers with 200 under the host header of the backend',
  });

function notServing(state: Serving, answered: number) {
  const details = { code: 'FD4109', where: 'load balancer', evidence: { ...state } };
  if (answered === 0)
    return unjudged({
      ...details,
      what: 'no request to it was answered',
      remedy: 'Check `loadBalancer.client` in the fleet file and the way from the worker to it',
    });
  return deviated({
    ...details,
    what: `it does not serve as configured: ${state.against.join('; ') || 'too few requests to tell'}`,
    remedy:
      'Look at the backends that get too little: are they healthy for its probes, and within its latency band?',
  });
}

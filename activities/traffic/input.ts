/** What the traffic kinds have in common: where they may send, how much, and what a schema cannot see of it. */
import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { InputProblem } from '../../dsl/kind.ts';
import { refused } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { Target } from '../ports/requester.ts';
import { parseRate, perSecond, RATE } from './schedule.ts';

/** Measured against a server on the same two cores: p99 of the send lag 2 ms at 500/s, 3 at 2,000/s, 20 at 5,000/s. */
const RATE_LIMIT = 5_000;
/** A slice's result is due five seconds after its window: its last request must have ended by then. */
const TIMEOUT_LIMIT_MS = 4_000;
const DURATION_LIMIT_MS = 3_600_000;

export const destination = {
  path: z
    .string()
    .regex(/^\/[^\s#\\]*$/, { message: 'a path from /, without spaces or a fragment' })
    .default('/')
    .meta({ description: 'Path and query of each request' }),
  timeout: duration
    .default('2s')
    .meta({ description: 'From send to the last byte of the answer; at most 4s' }),
  via: z
    .string()
    .optional()
    .meta({ description: 'A member: send to its own entry point instead of through the load balancer' }),
};

export const load = z.strictObject({
  rate: z
    .string()
    .regex(RATE, { message: 'a rate such as 50/s or 30/m' })
    .meta({ description: 'Requests a second or a minute, evenly spaced' }),
  ...destination,
  duration: duration.optional().meta({ description: 'How long; left out with `background: true`' }),
  freshConnections: z.number().min(0).max(1).default(0.2).meta({
    description: 'Share of requests on a new connection of their own; the others take turns on kept ones',
  }),
});
export type LoadInput = z.infer<typeof load>;

/** Every mistake here has a code of its own. */
type Mistake = InputProblem & { code: string };

type Destination = Pick<LoadInput, 'path' | 'timeout' | 'via'>;

export function checkDestination(input: Destination, fleet: Fleet): Mistake[] {
  const problems: Mistake[] = [];
  const timeoutMs = milliseconds(input.timeout);
  if (timeoutMs === 0 || timeoutMs > TIMEOUT_LIMIT_MS)
    problems.push({
      code: 'FD5002',
      path: ['timeout'],
      found: input.timeout,
      expected: 'more than 0 and at most 4s',
      remedy: 'Take the time after which a user gives up; the default is 2s',
    });
  const host = hostOf(input, fleet, problems);
  if (host !== undefined && !allows(fleet, host))
    problems.push({
      code: 'FD5003',
      path: input.via === undefined ? [] : ['via'],
      found: `requests to the host ${host}`,
      expected: `a host of the fleet's allowHosts: ${fleet.allowHosts.join(', ') || 'none is listed'}`,
      remedy: `Add ${host} to allowHosts in ${fleet.file} if it is yours to load`,
    });
  return problems;
}

function hostOf(input: Destination, fleet: Fleet, problems: Mistake[]): string | undefined {
  if (input.via === undefined) {
    if (fleet.loadBalancer !== undefined) return fleet.loadBalancer.client.host;
    problems.push({
      code: 'FD5004',
      path: [],
      found: 'no load balancer in the fleet',
      expected: 'a load balancer to send through, or `via: MEMBER`',
      remedy: `Describe the loadBalancer in ${fleet.file}, or name a member in \`via\``,
    });
  } else {
    const member = Object.hasOwn(fleet.members, input.via) ? fleet.members[input.via] : undefined;
    if (member !== undefined) return member.entry.host;
    problems.push({
      code: 'FD5005',
      path: ['via'],
      found: input.via,
      expected: 'a member of the fleet',
      nearest: Object.keys(fleet.members),
      remedy: `Name one of ${Object.keys(fleet.members).join(', ')}`,
    });
  }
  return undefined;
}

/** Ports do not matter, nor does case. */
function allows(fleet: Fleet, host: string): boolean {
  const bare = (name: string) => name.toLowerCase().replace(/:\d+$/, '');
  return fleet.allowHosts.some((allowed) => bare(allowed) === bare(host));
}

export function checkLoad(input: LoadInput, fleet: Fleet): Mistake[] {
  const problems = checkDestination(input, fleet);
  const rate = perSecond(parseRate(input.rate));
  if (rate === 0 || rate > RATE_LIMIT)
    problems.push({
      code: 'FD5006',
      path: ['rate'],
      found: input.rate,
      expected: 'more than 0 and at most 5000/s',
      remedy:
        'A drill needs an even stream, not a flood: 50/s tells 0.02 s of outage and 2 % of failures in a second',
    });
  const durationMs = input.duration === undefined ? 1_000 : milliseconds(input.duration);
  if (durationMs < 1_000 || durationMs > DURATION_LIMIT_MS)
    problems.push({
      code: 'FD5007',
      path: ['duration'],
      found: `${input.duration}`,
      expected: 'from 1s to 1h',
      remedy: 'Use `background: true` without a duration for load that lasts as long as the drill',
    });
  return problems;
}

/**
 * Where to send. Checked again although the compiler has: expressions are only known now, and this is the last
 * place before requests leave. Throws `refused`.
 */
export function targetOf(input: Destination, context: Pick<StepContext, 'fleet' | 'ports'>): Target {
  refuseFirst(checkDestination(input, context.fleet));
  const base =
    input.via === undefined ? context.ports.loadBalancer().target() : context.ports.member(input.via).entry();
  const url = new URL(base.url);
  // Set by parts: resolved against the base, a path such as //elsewhere.example/ would name another host.
  const [pathname, ...query] = input.path.split('?');
  url.pathname = pathname!;
  url.search = query.join('?');
  return { ...base, url: url.href };
}

export function refuseFirst([problem]: Mistake[]): void {
  if (problem !== undefined)
    throw refused({
      code: problem.code,
      where: problem.path.length === 0 ? 'traffic' : `traffic, ${problem.path.join('.')}`,
      what: `${problem.found}; expected: ${problem.expected}`,
      remedy: problem.remedy,
    });
}

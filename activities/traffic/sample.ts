import { z } from 'zod';
import { milliseconds } from '../../dsl/duration.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import type { Permission } from '../../dsl/kind.ts';
import { defineKind, type StepContext } from '../kind.ts';
import type { Answer } from '../ports/requester.ts';
import { checkDestination, destination, targetOf } from './input.ts';
import { checkTarget } from './preflight.ts';
import { FEWEST, judged, type Sampled, sampled } from './sample-verdict.ts';
import type { Shares } from './shares.ts';

const input = z.strictObject({
  requests: z.number().int().min(FEWEST).max(200).default(20),
  path: destination.path,
  timeout: destination.timeout,
});

export const sample = defineKind({
  name: 'traffic/sample',
  version: 1,
  summary: 'Ask a few times and show which cluster, node and pod answered each time',
  doc: `Sends \`requests\` requests one after the other, each on a new connection, and prints who answered. Asserts only
what so few can bear: that the counts per cluster are not out of keeping with the load balancer's weights (chi-square by
simulation, and at least a fifth of the answers in the wrong place), that the names do not come in blocks, and that not
more failed than a service of 99.9 % would. It does not ask for "at least one of each", which a sound balancer
misses now and then.`,
  example: { requests: 20 },
  input,
  output: sampled,
  effect: 'reads',
  timeoutMs: 120_000,
  permissions: (_, fleet) => readsBalancing(fleet),
  check: checkDestination,
  preflight: checkTarget,
  look,
});

/** Azure's words: the provider is the group. */
function readsBalancing({ loadBalancer }: Fleet): Permission[] {
  if (loadBalancer === undefined) return [];
  const [group, resource] =
    loadBalancer.kind === 'front-door-classic'
      ? ['Microsoft.Network', 'frontDoors']
      : ['Microsoft.Cdn', 'profiles/originGroups/origins'];
  return [{ plane: 'azure', group: group!, resource: resource!, verbs: ['read'] }];
}

async function look(given: z.infer<typeof input>, context: StepContext): Promise<Sampled> {
  const target = targetOf(given, context);
  const expected = await configuredShares(context);
  const timeoutMs = milliseconds(given.timeout);
  const answers: Answer[] = [];
  for (let n = 0; n < given.requests; n += 1) {
    const answer = await context.ports.requester.request(target, { timeoutMs, signal: context.signal });
    context.signal.throwIfAborted();
    answers.push(answer);
    context.heartbeat({ asked: answers.length });
  }
  return judged(answers, expected, context.fleet.identity !== undefined);
}

/** By weight, among the enabled backends of the best priority: what the load balancer was told to do. */
async function configuredShares({ ports, signal }: StepContext): Promise<Shares> {
  const { backends } = await ports.loadBalancer().describe(signal);
  const enabled = backends.filter((backend) => backend.enabled);
  const best = Math.min(...enabled.map((backend) => backend.priority));
  const used = enabled.filter((backend) => backend.priority === best);
  const total = used.reduce((sum, backend) => sum + backend.weight, 0);
  return Object.fromEntries(used.map((backend) => [backend.member, backend.weight / total]));
}

/** Independent legs of evidence for a removal. A leg that the fault itself destroys agrees with nothing. */
import { z } from 'zod';
import type { StepContext } from '../kind.ts';
import type { Balancing } from '../ports/load-balancer.ts';
import { probeOnce, probeProblem } from './probes.ts';

export const legs = z.array(
  z.object({
    leg: z.enum(['clients', 'probe', 'metrics']),
    says: z.enum(['agrees', 'disagrees', 'not available']),
    why: z.string(),
  }),
);
type Legs = z.infer<typeof legs>;
type Leg = Legs[number];

export async function evidence(
  victim: string,
  balancing: Balancing,
  { requests, firstMs }: { requests: number; firstMs: number },
  context: StepContext,
): Promise<Legs> {
  const clients: Leg = {
    leg: 'clients',
    says: 'agrees',
    why: `${requests} requests through the load balancer, none routed by ${victim}`,
  };
  return [
    clients,
    ...(await Promise.all([probe(victim, balancing, context), metrics(victim, firstMs, context)])),
  ];
}

/** What a probe of the victim gets now. An entry point that is gone says nothing about the balancer. */
async function probe(victim: string, balancing: Balancing, context: StepContext): Promise<Leg> {
  const backend = balancing.backends.find(({ member }) => member === victim);
  if (backend && !backend.enabled)
    return {
      leg: 'probe',
      says: 'not available',
      why: 'the backend is disabled: it is not removed by probes',
    };
  const answer = await probeOnce(balancing, victim, context);
  if (answer.status === undefined)
    return { leg: 'probe', says: 'not available', why: `its entry point gives no answer (${answer.class})` };
  const problem = probeProblem(answer, balancing.probe.path);
  return problem
    ? { leg: 'probe', says: 'agrees', why: problem }
    : { leg: 'probe', says: 'disagrees', why: `a probe of ${balancing.probe.path} passes` };
}

/** Azure's metrics are up to three minutes late: no figure yet is the normal case. */
async function metrics(victim: string, _firstMs: number, context: StepContext): Promise<Leg> {
  const health = await context.ports
    .loadBalancer()
    .health(context.signal)
    .catch(() => []);
  const passing = health.find(({ member }) => member === victim)?.passing;
  if (passing === undefined)
    return { leg: 'metrics', says: 'not available', why: 'the balancer has no figure of this time yet' };
  const why = `${Math.round(passing * 100)} % of its probes passed by the balancer's own metrics`;
  return { leg: 'metrics', says: passing < 1 ? 'agrees' : 'disagrees', why };
}

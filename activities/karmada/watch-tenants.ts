import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import { isDenied } from '../failure.ts';
import { defineKind, type StepContext } from '../kind.ts';
import { listing, withoutFederation } from '../kubernetes/inputs.ts';
import { waitUntil } from '../kubernetes/waiting.ts';
import type { Binding } from '../ports/federation.ts';

const input = z
  .strictObject({
    besides: z.string().min(1).default('demo').meta({ description: "The drill's own namespace" }),
    for: duration.optional().meta({ description: 'Look on for this long, whatever is seen' }),
    expect: z.enum(['whole']).optional().meta({ description: 'Wait until every replica of theirs is ready' }),
  })
  .refine((given) => (given.for === undefined) !== (given.expect === undefined), {
    message: 'one of for and expect',
  });
type Input = z.infer<typeof input>;

const spread = z.record(z.string(), z.number());
const tenant = z.object({
  /** NAMESPACE/NAME */
  workload: z.string(),
  wanted: z.number(),
  ready: z.number(),
  /** Fewest that were ready while this step looked. */
  least: z.number(),
  spread,
});
type Tenant = z.infer<typeof tenant>;

const output = z.object({
  tenants: z.array(tenant),
  afterMs: z.number(),
  series: z
    .array(z.object({ atMs: z.number(), missing: spread }))
    .meta({ description: 'Replicas that were not ready, by workload; changes only' }),
  troubles: z.array(z.string()),
});

const LOOK_MS = 250;

export const watchTenants = defineKind<Input, z.infer<typeof output>>({
  name: 'karmada/watch-tenants',
  version: 1,
  summary: 'See what a drill does to workloads that are none of its business',
  doc: 'A drain, a NoExecute taint and a dead cluster hit every tenant of it. Looks at the ResourceBindings of all other namespaces and keeps, for each workload, how many of its replicas were not ready and when, by what their members report to Karmada. With `for` it looks on for that long and judges nothing; with `expect: whole` it waits until every replica is ready. The report puts what all such steps of a run saw together: how many replicas of whom were missing, for how long, and whether they are where they were.',
  example: { expect: 'whole' },
  input,
  output,
  effect: 'reads',
  timeoutMs: 300_000,
  permissions: () => [listing('federation', 'work.karmada.io', 'resourcebindings')],
  check: (_given, fleet) => withoutFederation(fleet),

  async look(given, context) {
    const beganMs = (context.previous as { startedMs?: number } | undefined)?.startedMs ?? Date.now();
    const least = new Map<string, number>();
    let tenants: Tenant[] | undefined;
    const saw = (bindings: Binding[]) => {
      tenants = bindings.filter((one) => one.namespace !== given.besides && one.replicas > 0).map(tenantOf);
      for (const one of tenants)
        least.set(one.workload, Math.min(one.ready, least.get(one.workload) ?? one.ready));
    };
    const waited = await waitUntil(context, {
      where: 'federation',
      wanted:
        given.for === undefined ? 'every replica of the other tenants ready' : `a look for ${given.for}`,
      code: 'FD3322',
      remedy: 'Look at the Deployment on the members: it may have no room, or have moved',
      watch: (changed, trouble, signal) => lookOn(context, saw, changed, trouble, signal),
      judge() {
        const missing = missingOf(tenants ?? []);
        const holds =
          given.for === undefined
            ? tenants !== undefined && Object.keys(missing).length === 0
            : Date.now() - beganMs >= milliseconds(given.for);
        const waitingFor = Object.entries(missing)
          .map(([workload, count]) => `${workload} lacks ${count}`)
          .join(', ');
        return { known: tenants !== undefined, holds, waitingFor, point: { missing } };
      },
    });
    return {
      ...waited,
      tenants: (tenants ?? []).map((one) => ({ ...one, least: least.get(one.workload) ?? one.ready })),
    };
  },
});

function tenantOf({ namespace, resource, replicas, reports, spread: placed }: Binding): Tenant {
  const ready = reports.reduce((sum, one) => sum + one.ready, 0);
  return { workload: `${namespace}/${resource.name}`, wanted: replicas, ready, least: ready, spread: placed };
}

const missingOf = (tenants: Tenant[]): Record<string, number> =>
  Object.fromEntries(
    tenants.flatMap(({ workload, wanted, ready }) =>
      ready < wanted ? [[workload, wanted - ready] as const] : [],
    ),
  );

/** All tenants at once are not watched for: a list four times a second is. */
async function lookOn(
  context: StepContext,
  saw: (bindings: Binding[]) => void,
  changed: () => void,
  trouble: (what: string, denial?: Error) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      saw(await context.ports.federation().bindings(signal));
      changed();
    } catch (error) {
      signal.throwIfAborted();
      trouble(error instanceof Error ? error.message : String(error), isDenied(error) ? error : undefined);
    }
    await context.sleep(LOOK_MS);
  }
}

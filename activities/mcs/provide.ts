/** Shares a Service: the APIs, then what needs them, each after the one before is seen to hold. Idempotent. */
import { z } from 'zod';
import type { Json } from '../../dsl/plan.ts';
import { deviated } from '../failure.ts';
import type { Acted, StepContext } from '../kind.ts';
import { applyObjects } from '../kubernetes/applying.ts';
import { attemptEnds } from '../kubernetes/attempt.ts';
import { lacking, refuseUnpropagatable } from './apis.ts';
import { type Arrival, arrivalOf } from './arrival.ts';
import type { Planned } from './plan.ts';
import { clusterSetName } from './sharing.ts';

const BETWEEN_MS = 500;

export const provided = z.object({
  name: z.string().meta({ description: 'What clients ask for' }),
  apisAfterMs: z.number().meta({ description: 'Until every member had the multi-cluster APIs' }),
  afterMs: z.number().meta({ description: 'Until every importing member knew every ready endpoint' }),
  importers: z.array(
    z.object({
      member: z.string(),
      service: z.string(),
      address: z.string(),
      endpoints: z.record(z.string(), z.number()),
    }),
  ),
});
export type Provided = z.infer<typeof provided>;

type Progress = { startedMs: number; apisAfterMs?: number };

export async function provide(
  { sharing, parts }: Planned,
  context: StepContext,
  progress: Json | undefined,
): Promise<Acted<Provided>> {
  const federation = context.ports.federation();
  const reached: Progress = (progress as Progress | undefined) ?? { startedMs: Date.now() };
  const ends = attemptEnds(context.deadlineMs);
  if (sharing.by === 'service-import' && reached.apisAfterMs === undefined) {
    const members = [...new Set([...sharing.from, ...sharing.to])];
    const without = await lacking(members, context);
    await refuseUnpropagatable(federation, without, context.signal);
    await applyObjects(federation, parts.apis.objects, parts.apis.before, context);
    const missing = await waitFor(() => lacking(members, context), ends, context);
    if (missing.length > 0) return notYet(reached, noApis(missing), context);
    reached.apisAfterMs = Date.now() - reached.startedMs;
  }
  for (const { objects, before } of [parts.exports, parts.imports])
    await applyObjects(federation, objects, before, context);
  let arrival: Arrival = { arrived: [], missing: [] };
  const missing = await waitFor(
    async () => {
      arrival = await arrivalOf(sharing, context);
      return arrival.missing;
    },
    ends,
    context,
  );
  if (missing.length > 0) return notYet(reached, notArrived(missing), context);
  const { apisAfterMs = 0, startedMs } = reached;
  return {
    done: true,
    output: {
      name: clusterSetName(sharing),
      apisAfterMs,
      afterMs: Date.now() - startedMs,
      importers: arrival.arrived,
    },
  };
}

/** Looks until nothing is missing or this attempt ends; what was missing last. */
export async function waitFor(
  look: () => Promise<string[]>,
  ends: () => boolean,
  context: StepContext,
): Promise<string[]> {
  for (;;) {
    const missing = await look();
    if (missing.length > 0) context.heartbeat({ waitingFor: missing });
    if (missing.length === 0 || ends()) return missing;
    await context.sleep(BETWEEN_MS);
  }
}

function notYet(reached: Progress, late: Error, context: StepContext): Acted<Provided> {
  if (Date.now() >= context.deadlineMs) throw late;
  return { done: false, progress: reached };
}

const noApis = (members: string[]) =>
  deviated({
    code: 'FD3602',
    where: members.join(', '),
    what: 'Karmada does not list multicluster.x-k8s.io/v1alpha1 among its APIs',
    remedy:
      'kubectl --context federation get clusterresourcebindings -o wide; a Cluster that is not Ready keeps its old list',
  });

const notArrived = (missing: string[]) =>
  deviated({
    code: 'FD3604',
    where: 'federation',
    what: missing.join('; '),
    remedy:
      'Look at the ResourceBindings of ServiceExport and ServiceImport: NoClusterFit is never tried again; delete and apply the object then',
  });

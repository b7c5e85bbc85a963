import { z } from 'zod';
import { nearest } from '../../dsl/nearest.ts';
import { defineKind, type StepContext } from '../kind.ts';
import { watching, withoutFederation } from '../kubernetes/inputs.ts';
import { waitUntil } from '../kubernetes/waiting.ts';
import type { Cluster } from '../ports/federation.ts';

const input = z.strictObject({
  clusters: z.array(z.string().min(1)).optional().meta({ description: 'Default: every member of the fleet' }),
  ready: z.boolean().default(true),
});

const output = z.object({
  clusters: z.array(z.string()),
  afterMs: z.number(),
  series: z.array(z.object({ atMs: z.number(), ready: z.array(z.string()) })),
  noticed: z
    .array(
      z.object({
        cluster: z.string(),
        ready: z.boolean(),
        why: z.string(),
        atMs: z.number().meta({ description: "Epoch ms, to the second, by the federation's clock" }),
        afterFaultMs: z.number().optional(),
      }),
    )
    .meta({ description: 'When the federation came to call each of them so, and why' }),
  troubles: z.array(z.string()),
});

export const awaitClusters = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  name: 'karmada/await-clusters',
  version: 1,
  summary: 'Wait until Karmada calls these members Ready (or not)',
  doc: 'Watches the Cluster objects of the federation. Ready is what Karmada last heard: a member whose nodes are all gone stays Ready, so this says that its API answers, not that it can run anything. Use `kubernetes/await-pods` or `karmada/await-spread` for that.',
  example: { clusters: ['aks1', 'aks2', 'k3s'], ready: true },
  input,
  output,
  effect: 'reads',
  timeoutMs: 120_000,
  permissions: () => [watching('federation', 'cluster.karmada.io', 'clusters')],
  check: (given, fleet) => [
    ...withoutFederation(fleet),
    ...(given.clusters ?? []).flatMap((name, index) =>
      fleet.members[name]
        ? []
        : [
            {
              path: ['clusters', index],
              found: name,
              expected: `a member of fleet ${fleet.name}`,
              nearest: nearest(name, Object.keys(fleet.members)),
              remedy: 'Name a member of the fleet file',
            },
          ],
    ),
  ],

  async look(given, context) {
    const names = given.clusters ?? Object.keys(context.fleet.members);
    let clusters: Cluster[] | undefined;
    const reasons = () =>
      names.flatMap((name) => {
        const cluster = clusters?.find((one) => one.name === name);
        if (!cluster) return given.ready ? [`${name} is not joined`] : [];
        return cluster.ready === given.ready
          ? []
          : [`${name} is ${cluster.ready ? '' : 'not '}Ready (${cluster.why})`];
      });
    const waited = await waitUntil(context, {
      where: 'federation',
      wanted: `${names.join(', ')} ${given.ready ? 'Ready' : 'not Ready'}`,
      code: 'FD3302',
      remedy: 'Check the member and its credential: kubectl --context federation describe cluster NAME',
      watch: (changed, trouble, signal) =>
        context.ports.federation().watchClusters(
          {
            seen(now) {
              clusters = now;
              changed();
            },
            trouble,
          },
          signal,
        ),
      judge: () => ({
        known: clusters !== undefined,
        holds: clusters !== undefined && reasons().length === 0,
        waitingFor: reasons().join('; '),
        point: { ready: (clusters ?? []).filter((one) => one.ready).map((one) => one.name) },
      }),
    });
    return { ...waited, clusters: names, noticed: noticed(names, clusters ?? [], context) };
  },
});

function noticed(names: string[], clusters: Cluster[], { faultAtMs }: StepContext) {
  return clusters
    .filter((cluster) => names.includes(cluster.name))
    .map(({ name, ready, why, readySinceMs: atMs }) => ({
      cluster: name,
      ready,
      why,
      atMs,
      // To the second: what was noticed in the second of the fault was not noticed before it.
      ...(faultAtMs !== undefined &&
        atMs >= Math.floor(faultAtMs / 1000) * 1000 && { afterFaultMs: Math.max(0, atMs - faultAtMs) }),
    }));
}

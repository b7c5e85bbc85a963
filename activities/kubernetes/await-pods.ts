import { z } from 'zod';
import { defineKind } from '../kind.ts';
import type { Pod } from '../ports/member.ts';
import { cluster, namespace, unknownMembers, watching, workload, workloadOf } from './inputs.ts';
import { waitUntil } from './waiting.ts';

const input = z.strictObject({
  cluster,
  workload,
  namespace,
  ready: z.number().int().min(0).meta({ description: 'How many of its pods must be ready, exactly' }),
});

const point = z.object({ atMs: z.number(), pods: z.number(), ready: z.number() });
const output = z.object({
  ready: z.number(),
  afterMs: z.number(),
  pods: z.array(z.object({ name: z.string(), node: z.string(), ready: z.boolean() })),
  series: z.array(point),
  troubles: z.array(z.string()),
});

export const awaitPods = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  name: 'kubernetes/await-pods',
  version: 1,
  summary: 'Wait until a workload has so many ready pods on one member',
  doc: 'Watches the pods of a Deployment on one member until exactly `ready` of them are ready and none beside them is left. Returns the series it saw, so that the report can show the pods grow.',
  example: { cluster: 'aks2', workload: 'deployment/hello', ready: 7 },
  input,
  output,
  effect: 'reads',
  timeoutMs: 300_000,
  permissions: (given) => [
    watching(given.cluster, '', 'pods', given.namespace),
    {
      plane: given.cluster,
      group: 'apps',
      resource: 'deployments',
      verbs: ['get'],
      namespace: given.namespace,
    },
  ],
  check: (given, fleet) => unknownMembers({ cluster: given.cluster }, fleet),

  async look(given, context) {
    const member = context.ports.member(given.cluster);
    const { name } = workloadOf(given);
    const labels = await selectorOf();
    let pods: Pod[] | undefined;
    const alive = () => (pods ?? []).filter((pod) => !['Succeeded', 'Failed'].includes(pod.phase));

    async function selectorOf(): Promise<Record<string, string>> {
      while (true) {
        const deployment = await member.deployment(given.namespace, name, context.signal);
        // An absent Deployment has no pods; it may still be on its way.
        if (deployment || given.ready === 0 || Date.now() > context.deadlineMs)
          return deployment?.selector ?? { app: name };
        await context.sleep(250);
      }
    }

    const waited = await waitUntil(context, {
      where: given.cluster,
      wanted: `${given.ready} ready pods of ${given.workload} in ${given.namespace}`,
      code: 'FD3101',
      remedy: `Look at them: kubectl --context ${given.cluster} -n ${given.namespace} describe pods`,
      watch: (changed, trouble, signal) =>
        member.watchPods(
          { namespace: given.namespace, labels },
          {
            seen(now) {
              pods = now;
              changed();
            },
            trouble,
          },
          signal,
        ),
      judge() {
        const ready = alive().filter((pod) => pod.ready).length;
        return {
          known: pods !== undefined,
          holds: pods !== undefined && ready === given.ready && alive().length === given.ready,
          waitingFor: `${ready} of ${alive().length} pods are ready`,
          point: { pods: alive().length, ready },
        };
      },
    });
    return {
      ...waited,
      ready: given.ready,
      pods: alive().map((pod) => ({ name: pod.name, node: pod.node ?? '', ready: pod.ready })),
    };
  },
});

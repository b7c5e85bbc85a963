import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { deviated } from '../failure.ts';
import { defineKind } from '../kind.ts';
import { cluster, namespace, unknownMembers, workload, workloadOf } from '../kubernetes/inputs.ts';

const input = z.strictObject({
  workload,
  namespace,
  cluster,
  path: z
    .string()
    .min(1)
    .meta({ description: 'Into the object, e.g. spec.template.spec.containers[name=hello].image' }),
  value: z.json(),
});

const output = z.object({ value: z.json(), afterMs: z.number() });

const BETWEEN_MS = 250;

export const checkOverride = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  name: 'karmada/check-override',
  version: 1,
  summary: "See that an OverridePolicy has reached a member's Deployment",
  doc: "Reads the Deployment on the member itself until the field at `path` has the value: what Karmada reports of an override is that it was applied, not what came of it. A path has dots for fields, `[0]` for places and `[name=hello]` for the list's entry with that name.",
  example: {
    workload: 'deployment/hello',
    cluster: 'k3s',
    path: 'spec.template.spec.containers[name=hello].image',
    value: 'nginxdemos/hello:plain-text',
  },
  input,
  output,
  effect: 'reads',
  timeoutMs: 60_000,
  permissions: (given) => [
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
    const { name } = workloadOf(given);
    const member = context.ports.member(given.cluster);
    const startedMs = Date.now();
    while (true) {
      const deployment = await member.deployment(given.namespace, name, context.signal);
      const found = deployment && valueAt(deployment.object, given.path);
      if (deployment && isDeepStrictEqual(found, given.value))
        return { value: given.value, afterMs: Date.now() - startedMs };
      const seen = deployment ? JSON.stringify(found) : 'no such Deployment';
      context.heartbeat({ seen: seen ?? 'nothing there' });
      if (Date.now() >= context.deadlineMs)
        throw deviated({
          code: 'FD3303',
          where: given.cluster,
          what: `${given.workload} has ${seen ?? 'nothing'} at ${given.path}, wanted ${JSON.stringify(given.value)}`,
          remedy:
            'Check the OverridePolicy: its resourceSelectors and targetCluster, and that it uses overrideRules',
        });
      await context.sleep(BETWEEN_MS);
    }
  },
});

/** Undefined where the path leads nowhere. */
export function valueAt(object: unknown, path: string): unknown {
  let at: unknown = object;
  for (const [, field, key, value, index] of path.matchAll(/([^.[\]]+)|\[(\w+)=([^\]]+)\]|\[(\d+)\]/g)) {
    if (field !== undefined && key === undefined) at = (at as Record<string, unknown> | undefined)?.[field];
    else if (!Array.isArray(at)) return undefined;
    else if (index !== undefined) at = at[Number(index)];
    else at = at.find((entry) => entry?.[key!] === value);
  }
  return at;
}

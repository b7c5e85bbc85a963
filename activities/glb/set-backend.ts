import { z } from 'zod';
import { nearest } from '../../dsl/nearest.ts';
import { refused } from '../failure.ts';
import { defineKind } from '../kind.ts';
import type { Balancing } from '../ports/load-balancer.ts';
import { actOn, differences, fromSnapshot, toSnapshot, undoTo } from './changing.ts';
import { backend, permissionsOn, priority, unknownBackends, weight } from './inputs.ts';
import { inspect, missingBackends } from './probes.ts';

const input = z
  .strictObject({
    backend,
    enabled: z.boolean().optional(),
    weight: weight.optional(),
    priority: priority.optional(),
  })
  .refine((given) => [given.enabled, given.weight, given.priority].some((value) => value !== undefined), {
    message: 'one of enabled, weight and priority',
  });
type Input = z.infer<typeof input>;

const output = z.object({
  changed: z.boolean(),
  backend: z.string(),
  enabled: z.boolean(),
  weight: z.number(),
  priority: z.number(),
});

export const setBackend = defineKind<Input, z.infer<typeof output>, ReturnType<typeof toSnapshot>>({
  name: 'glb/set-backend',
  version: 1,
  summary: 'Take a backend out of the load balancer or back in, or change its weight or priority',
  doc: 'For a planned evacuation: users leave before the cluster does. A configuration change takes up to 45 minutes to reach every point of presence of Azure, so it is no way to inject a fault; follow it with `glb/await-removed` or `glb/await-serving`, which see what users get. Put back at the end.',
  example: { backend: 'aks1', enabled: false },
  input,
  output,
  effect: 'changes',
  undoPhase: 'routing',
  timeoutMs: 600_000,
  permissions: (_, fleet) => permissionsOn(fleet, ['read', 'write']),
  check: (given, fleet) => unknownBackends([given.backend], 'backend', fleet),
  async preflight(given, context) {
    const { balancing, findings } = await inspect([], context);
    return [...findings, ...missingBackends([given.backend], balancing)];
  },

  async snapshot(_, context) {
    return toSnapshot(await context.ports.loadBalancer().describe(context.signal));
  },
  act(given, snapshot, context, progress) {
    const wanted = wantedBy(given, fromSnapshot(snapshot));
    const set = wanted.backends.find(({ member }) => member === given.backend)!;
    return actOn(wanted, context, progress, (changed) => ({
      changed,
      backend: set.member,
      enabled: set.enabled,
      weight: set.weight,
      priority: set.priority,
    }));
  },
  undo(given, snapshot, context, progress) {
    const before = fromSnapshot(snapshot);
    return undoTo(before, wantedBy(given, before), context, progress);
  },
  async compare(_, snapshot, context) {
    return differences(fromSnapshot(snapshot), await context.ports.loadBalancer().describe(context.signal));
  },
});

/** Throws `refused` when the load balancer has no such backend. */
function wantedBy({ backend: name, ...changes }: Input, before: Balancing): Balancing {
  const members = before.backends.map(({ member }) => member);
  if (!members.includes(name)) {
    const close = nearest(name, members);
    throw refused({
      code: 'FD4101',
      where: name,
      what: `the load balancer has no backend for it; it has ${members.join(', ') || 'none'}`,
      remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'Let glb/ensure make it first',
    });
  }
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return {
    ...before,
    backends: before.backends.map((one) => (one.member === name ? { ...one, ...given } : one)),
  };
}

import { z } from 'zod';
import { defineKind } from '../kind.ts';
import type { Balancing } from '../ports/load-balancer.ts';
import { actOn, fromSnapshot, toSnapshot } from './changing.ts';
import { backend, permissionsOn, unknownBackends, weight } from './inputs.ts';
import { inspect } from './probes.ts';

const input = z.strictObject({
  backends: z
    .array(backend)
    .min(1)
    .optional()
    .meta({ description: 'Members; default: every backend of the fleet' }),
  weight: weight.default(50).meta({ description: 'The same for each of them' }),
});
type Input = z.infer<typeof input>;

const output = z.object({ changed: z.boolean(), backends: z.array(z.string()) });

export const restore = defineKind<Input, z.infer<typeof output>, ReturnType<typeof toSnapshot>>({
  name: 'glb/restore',
  version: 1,
  summary: 'Round robin over the backends again: enabled, same weight, first priority',
  doc: 'The way back after `glb/set-backend`, as a step of `recover`, so that it is measured and users see it when the runbook says. Makes no backend and changes no probe. It is a way back itself: nothing of it is undone; where something else was there before the drill, the undo of `glb/set-backend` puts that back.',
  example: {},
  input,
  output,
  effect: 'provides',
  undoPhase: 'routing',
  timeoutMs: 600_000,
  permissions: (_, fleet) => permissionsOn(fleet, ['read', 'write']),
  check: (given, fleet) => unknownBackends(given.backends ?? [], 'backends', fleet),
  preflight: async (_, context) => (await inspect([], context)).findings,

  async snapshot(_, context) {
    return toSnapshot(await context.ports.loadBalancer().describe(context.signal));
  },
  act(given, snapshot, context, progress) {
    const wanted = wantedBy(given, fromSnapshot(snapshot));
    return actOn(wanted, context, progress, (changed) => ({
      changed,
      backends: wanted.backends.filter((one) => isMeant(given, one.member)).map(({ member }) => member),
    }));
  },
  // Undoing a way back would take users off healthy backends.
  undo: async () => ({ done: true, restored: 'fully' }),
  compare: async () => [],
});

const isMeant = ({ backends }: Input, member: string) =>
  member !== '' && (backends?.includes(member) ?? true);

function wantedBy(given: Input, before: Balancing): Balancing {
  return {
    ...before,
    backends: before.backends.map((one) =>
      isMeant(given, one.member) ? { ...one, enabled: true, weight: given.weight, priority: 1 } : one,
    ),
  };
}

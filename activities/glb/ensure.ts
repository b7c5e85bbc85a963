import { z } from 'zod';
import { duration, milliseconds } from '../../dsl/duration.ts';
import { defineKind, type StepContext } from '../kind.ts';
import type { Backend, Balancing } from '../ports/load-balancer.ts';
import { actOn, differences, fromSnapshot, toSnapshot, undoTo } from './changing.ts';
import { backend, permissionsOn, unknownBackends, weight } from './inputs.ts';
import { inspect } from './probes.ts';

const input = z.strictObject({
  backends: z
    .array(backend)
    .min(1)
    .optional()
    .meta({ description: 'Members; default: every one the fleet file names' }),
  weight: weight.default(50).meta({ description: 'The same for each of them' }),
  latencyBand: duration.default('1s').meta({
    description:
      'Backends within this of the fastest share by weight; too narrow, and weights have no effect',
  }),
  probe: z
    .strictObject({
      path: z.string().startsWith('/').optional(),
      interval: duration.optional(),
      samples: z.number().int().min(1).max(255).optional(),
      successful: z.number().int().min(1).max(255).optional(),
    })
    .default({})
    .meta({ description: 'The health probe; what is left out stays as it is' }),
});
type Input = z.infer<typeof input>;

const output = z.object({
  changed: z.boolean(),
  backends: z.array(
    z.object({ member: z.string(), name: z.string(), address: z.string(), weight: z.number() }),
  ),
});

export const ensure = defineKind<Input, z.infer<typeof output>, ReturnType<typeof toSnapshot>>({
  name: 'glb/ensure',
  version: 1,
  summary: 'Round robin over the members, at the global load balancer',
  doc: 'Makes each named member a backend with its entry point as the address: enabled, the same weight, first priority, and a latency band wide enough that weights matter (with 0, Azure sends everything to the nearest). Backends and settings that hold already are left alone. When the run fails, what it made or changed is put back.',
  example: { weight: 50 },
  input,
  output,
  effect: 'provides',
  undoPhase: 'routing',
  timeoutMs: 600_000,
  permissions: (_, fleet) => permissionsOn(fleet, ['read', 'write', 'delete']),
  check: (given, fleet) => unknownBackends(given.backends ?? [], 'backends', fleet),
  preflight: async (_, context) => (await inspect([], context)).findings,

  async snapshot(_, context) {
    return toSnapshot(await context.ports.loadBalancer().describe(context.signal));
  },
  act(given, snapshot, context, progress) {
    const wanted = wantedBy(given, fromSnapshot(snapshot), context);
    const members = new Set(membersOf(given, context));
    return actOn(wanted, context, progress, (changed) => ({
      changed,
      backends: wanted.backends
        .filter(({ member }) => members.has(member))
        .map(({ member, name, address, weight: share }) => ({ member, name, address, weight: share })),
    }));
  },
  undo(given, snapshot, context, progress) {
    const before = fromSnapshot(snapshot);
    return undoTo(before, wantedBy(given, before, context), context, progress);
  },
  async compare(_, snapshot, context) {
    return differences(fromSnapshot(snapshot), await context.ports.loadBalancer().describe(context.signal));
  },
});

const membersOf = (given: Input, { fleet }: StepContext): string[] =>
  given.backends ?? Object.keys(fleet.loadBalancer?.backends ?? {});

function wantedBy(given: Input, before: Balancing, context: StepContext): Balancing {
  const members = membersOf(given, context);
  const { path, interval, samples, successful } = given.probe;
  return {
    backends: [
      ...before.backends.filter(({ member }) => !members.includes(member)),
      ...members.map((member) => toBackend(member, given.weight, context)),
    ],
    probe: {
      path: path ?? before.probe.path,
      intervalMs: interval === undefined ? before.probe.intervalMs : milliseconds(interval),
      samples: samples ?? before.probe.samples,
      successful: successful ?? before.probe.successful,
    },
    latencyBandMs: milliseconds(given.latencyBand),
  };
}

function toBackend(member: string, share: number, { fleet, ports }: StepContext): Backend {
  const { url, host } = ports.member(member).entry();
  return {
    member,
    name: fleet.loadBalancer?.backends[member] ?? member,
    address: new URL(url).host,
    hostHeader: host,
    enabled: true,
    weight: share,
    priority: 1,
  };
}

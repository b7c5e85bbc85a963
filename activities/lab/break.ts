import { z } from 'zod';
import type { Fleet } from '../../dsl/fleet.ts';
import { refused } from '../failure.ts';
import { type Difference, defineKind, type StepContext } from '../kind.ts';
import { allBound, type Bound, boundTo, compareBound } from '../kubernetes/bound.ts';
import type { LabFault } from '../ports/lab.ts';
import { bite } from './bite.ts';
import { blastOf, FEDERATION, faultNames, memberOf, misplaced, unknownOptions } from './faults.ts';

const input = z.strictObject({
  fault: z.enum(faultNames),
  target: z.string().min(1).meta({
    description:
      'A member, `federation`, a node as MEMBER/NODE, a point of presence, or `front-door`: what the fault is set upon',
  }),
  options: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .default({})
    .meta({ description: 'As `npx firedrill lab break` lists them' }),
});
type Input = z.infer<typeof input>;

const output = z.object({ id: z.string().meta({ description: "The lab's id of the fault" }) });

/** `others`: the same fault, set by somebody else before. */
type Snapshot = { others: string[]; bindings: Bound };

export const breakLab = defineKind<Input, z.infer<typeof output>, Snapshot>({
  name: 'lab/break',
  version: 1,
  summary: 'Break something in the lab that no API can break',
  doc: "For sandbox and rig only: kills an API server (`api-gone`), cuts the network to it while its pods go on serving (`partition`), makes an entry point fail (`origin-…`), and so on; `npx firedrill lab break` lists them. That it bites is asked of what was broken, where that can be asked; otherwise the lab's word counts. Undo takes away the fault this step set and no other; it is undone before everything else, since nothing can be put back through an API that is gone.",
  example: { fault: 'api-gone', target: 'aks1' },
  input,
  output,
  effect: 'disrupts',
  undoPhase: 'reach',
  timeoutMs: 60_000,
  permissions: (_given, fleet) =>
    fleet.federation
      ? [{ plane: FEDERATION, group: 'work.karmada.io', resource: 'resourcebindings', verbs: ['list'] }]
      : [],
  blast: ({ fault, target }) => blastOf(fault, target),
  check: (given, fleet) => [
    ...withoutLab(fleet),
    ...misplaced(given.fault, given.target, fleet),
    ...unknownOptions(given.fault, given.options),
  ],

  async preflight(given, context) {
    const others = await othersOf(given, context);
    return others.map((one) => ({
      severity: 'error' as const,
      code: 'FD8102',
      where: given.target,
      ...inForce(given, one),
    }));
  },

  async snapshot(given, context) {
    const [others, bindings] = await Promise.all([othersOf(given, context), boundBy(given, context)]);
    return { others: others.map(({ id }) => id), bindings };
  },

  async act({ fault, target, options }, snapshot, context) {
    const [other] = snapshot.others;
    if (other !== undefined)
      throw refused({ code: 'FD8102', where: target, ...inForce({ fault, target }, { id: other }) });
    context.signal.throwIfAborted();
    context.beginFault();
    const set = { kind: fault, target, options, by: ownerOf(context) };
    const { id } = await context.ports.lab().add(set, context.signal);
    return { done: true, output: { id } };
  },

  async undo(_given, _snapshot, context) {
    const lab = context.ports.lab();
    for (const { id } of await oursNow(context)) await lab.remove(id, context.signal);
    return { done: true, restored: 'fully' };
  },

  async compare(_given, { bindings }, context) {
    const [left, moved] = await Promise.all([oursNow(context), compareBound(bindings, context)]);
    return [...left.map(stillThere), ...moved];
  },

  async probe({ fault, target }, _snapshot, context) {
    const ours = (await oursNow(context))[0];
    if (ours) return bite(ours, context);
    return { bitten: false, evidence: `the lab has no ${fault} of this step on ${target}` };
  },
});

/** The lab keeps it with the fault: a worker that died after it asked finds its own again. */
const ownerOf = ({ run, step }: StepContext): string => `${run} ${step}`;

async function oursNow(context: StepContext): Promise<LabFault[]> {
  const faults = await context.ports.lab().faults(context.signal);
  return faults.filter(({ by }) => by === ownerOf(context));
}

async function othersOf({ fault, target }: Input, context: StepContext): Promise<LabFault[]> {
  const faults = await context.ports.lab().faults(context.signal);
  return faults.filter((one) => one.kind === fault && one.target === target && one.by !== ownerOf(context));
}

/** What Karmada may move because of it: with the federation, everything of everybody. */
function boundBy({ fault, target }: Input, context: StepContext): Promise<Bound> {
  const member = memberOf(fault, target);
  if (member !== undefined) return boundTo(member, context);
  return target === FEDERATION ? allBound(context) : Promise.resolve([]);
}

const inForce = ({ fault, target }: Pick<Input, 'fault' | 'target'>, { id }: Pick<LabFault, 'id'>) => ({
  what: `${fault} is in force on ${target} already (${id}), set by somebody else`,
  remedy: `Take it away first: npx firedrill lab mend ${id}`,
});

const stillThere = ({ id, kind, target }: LabFault): Difference => ({
  what: `lab fault ${kind} on ${target}`,
  before: 'absent',
  now: id,
  reason: 'it is still ours',
  remedy: `npx firedrill lab mend ${id}`,
});

const withoutLab = (fleet: Fleet) =>
  fleet.lab
    ? []
    : [
        {
          code: 'FD8101',
          path: [],
          found: `fleet ${fleet.name}, which is no lab`,
          expected: 'a fleet with `lab`',
          remedy: 'Use fleets/lab.yaml, or a fault that any cluster knows: kubernetes/drain',
        },
      ];

/** `lab break`, `lab mend`. */
import { faultKinds } from '../../lab/faults.ts';
import { rigFaultKinds } from '../../lab/rig/edge/fault-kinds.ts';
import type { Call } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { exitCodes, type Problem, problem, usage } from '../problem.ts';
import { type LabTier, labs } from '../processes/labs.ts';
import { askLab } from './control.ts';
import { activeFaults } from './status.ts';
import { meantTier } from './tier.ts';
import type { Verb } from './verb.ts';

export const breakIt: Verb = {
  most: 2,
  flags: ['tier'],
  takesOptions: true,
  async run(call, [kind, target]) {
    const tier = await meantTier(call);
    const kinds = tier === 'rig' ? rigFaultKinds : faultKinds;
    if (kind === undefined) return list(call, kinds);
    if (!Object.hasOwn(kinds, kind)) throw usage(unknown(kind, tier, Object.keys(kinds)));
    if (target === undefined)
      throw usage(problem('FD7004', `lab break ${kind} needs a target: its ${kinds[kind]!.on}`));
    const options = Object.fromEntries(
      Object.entries(call.inputs).map(([name, value]) => [name, typed(value)]),
    );
    const made = await askLab<{ id: string }>(tier, 'POST', '/faults', { kind, target, options });
    const back = `npx firedrill lab mend ${made.id} --tier ${tier}`;
    if (call.out.json) call.out.data(made);
    else call.out.print(`${made.id}: ${kind} on ${target}. Take it away: ${back}`);
    return exitCodes.passed;
  },
};

function unknown(kind: string, tier: LabTier, kinds: string[]): Problem {
  const remedy = Object.hasOwn(faultKinds, kind)
    ? 'Only the sandbox has it: it would have to change what a real API server answers, under its TLS.'
    : (didYouMean(kind, kinds) ?? '`npx firedrill lab break` lists them.');
  return problem('FD7003', `the ${labs[tier].name} has no fault "${kind}"`, { remedy });
}

function list(call: Call, kinds: Record<string, { on: string; doc: string }>): number {
  if (call.out.json) call.out.data(kinds);
  else
    for (const [name, { on, doc }] of Object.entries(kinds))
      call.out.print(`${name.padEnd(28)} ${on.padEnd(11)} ${doc}`);
  return exitCodes.passed;
}

/** `5000` is a number, `["patch"]` a list, anything else text. */
function typed(value: string | true): unknown {
  if (value === true) return true;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export const mend: Verb = {
  most: 20,
  flags: ['tier'],
  async run(call, named) {
    const tier = await meantTier(call);
    const ids = named.length > 0 ? named : (await activeFaults(tier)).map((fault) => fault.id);
    for (const id of ids) await askLab(tier, 'DELETE', `/faults/${encodeURIComponent(id)}`);
    if (call.out.json) call.out.data({ mended: ids });
    else call.out.print(ids.length === 0 ? 'there was no fault' : `mended: ${ids.join(', ')}`);
    return exitCodes.passed;
  },
};

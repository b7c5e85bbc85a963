/** Brings policy and replicas to a stage, and waits until the fleet has followed. */
import { isDeepStrictEqual } from 'node:util';
import { refused } from '../failure.ts';
import type { StepContext } from '../kind.ts';
import type { Binding, Placement, Workload } from '../ports/federation.ts';
import { sumOf } from './placement.ts';
import type { Stage } from './surge.ts';
import { obstacle, readView, readyBy } from './view.ts';

const LOOK_MS = 150;
const TRIES = 5;

export async function bindingOf(workload: Workload, context: StepContext): Promise<Binding> {
  const binding = await context.ports.federation().binding(workload, context.signal);
  if (binding) return binding;
  throw refused({
    code: 'FD3304',
    where: `${workload.namespace}/${workload.name}`,
    what: 'it has no ResourceBinding: no policy propagates it',
    remedy: 'Apply it and its PropagationPolicy to the federation first',
  });
}

export async function policyOf(binding: Binding, context: StepContext) {
  const policy = binding.policy && (await context.ports.federation().policy(binding.policy, context.signal));
  if (policy) return policy;
  throw refused({
    code: 'FD3311',
    where: `${binding.namespace}/${binding.resource.name}`,
    what: 'the policy that propagates it cannot be found',
    remedy: 'Give it a PropagationPolicy of its own',
  });
}

/** Null, empty and absent fields are the same to Karmada. */
export function samePlacement(one: Placement, other: Placement): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, one]) => one !== null && one !== undefined && !isEmpty(one));
  return Object.fromEntries(given.map(([key, one]) => [key, plain(one)]));
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/**
 * Writes the placement, over our own edit or over the original only.
 * @param original what stood there before this run, and is no longer marked when it stands there again.
 * @returns false when somebody else has edited it: then it is left.
 */
export async function writePlacement(
  workload: Workload,
  placement: Placement,
  original: Placement,
  context: StepContext,
): Promise<boolean> {
  const run = samePlacement(placement, original) ? null : context.run;
  for (let tries = 0; tries < TRIES; tries++) {
    const policy = await policyOf(await bindingOf(workload, context), context);
    if (samePlacement(policy.placement, placement)) return true;
    if (policy.run !== context.run && !samePlacement(policy.placement, original)) return false;
    context.signal.throwIfAborted();
    if (await context.ports.federation().place(policy, placement, run, context.signal)) return true;
  }
  return false;
}

export interface Look {
  settled: boolean;
  ready: number;
  missing: string;
}

/** Has the fleet followed? The binding must carry the stage itself: before that, the old one looks settled. */
export async function lookAt(
  workload: Workload,
  stage: Stage,
  context: StepContext,
  leaving?: string,
): Promise<Look> {
  const view = await readView(context, workload, context.signal);
  const ready = sumOf(readyBy(view));
  const { binding } = view;
  if (binding === undefined || binding === 'absent')
    return { settled: false, ready, missing: 'there is no ResourceBinding' };
  if (binding.replicas !== stage.replicas || !samePlacement(binding.placement, stage.placement))
    return { settled: false, ready, missing: 'the binding does not have the change yet' };
  const members = Object.keys(context.fleet.members);
  const missing = obstacle(view, stage.spread ?? binding.spread, members, leaving);
  return { settled: missing === undefined, ready, missing: missing ?? '' };
}

/** Looks until it has settled or `ended` says stop; `least` is kept over all looks. */
export async function settle(
  workload: Workload,
  stage: Stage,
  context: StepContext,
  ended: () => boolean,
  saw: (look: Look) => void,
  leaving?: string,
): Promise<boolean> {
  while (true) {
    const look = await lookAt(workload, stage, context, leaving);
    saw(look);
    if (look.settled) return true;
    if (ended()) return false;
    await context.sleep(LOOK_MS);
  }
}

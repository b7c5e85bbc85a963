/** Which lab a command means. */
import type { Call } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { problem, usage } from '../problem.ts';
import { controlAnswers, type LabTier, labs } from '../processes/labs.ts';
import { livingRecord } from '../processes/record.ts';

export const labTiers = Object.keys(labs) as LabTier[];

/** What `--tier` says; undefined without it. */
export function namedTier(call: Call): LabTier | undefined {
  const named = call.text('tier');
  if (named === undefined || Object.hasOwn(labs, named)) return named as LabTier | undefined;
  const remedy = didYouMean(named, labTiers) ?? `There are: ${labTiers.join(', ')}.`;
  throw usage(problem('FD7003', `--tier is no lab: "${named}"`, { remedy }));
}

/** The one named, else the one that is up, else the sandbox. Both are up: it must be named. */
export async function meantTier(call: Call): Promise<LabTier> {
  const named = namedTier(call);
  if (named !== undefined) return named;
  const [first = 'sandbox', second] = await tiersUp();
  if (second === undefined) return first;
  throw usage(
    problem('FD7004', 'sandbox and rig are both up: say which', {
      remedy: `Add --tier ${labTiers.join(' or --tier ')}.`,
    }),
  );
}

/** One that runs in a terminal has no record; its control API tells of it. */
async function tiersUp(): Promise<LabTier[]> {
  const isUp = await Promise.all(
    labTiers.map(async (tier) => livingRecord(labs[tier].name) !== undefined || (await controlAnswers(tier))),
  );
  return labTiers.filter((_, index) => isUp[index]);
}

/** The rig's programs, as a command needs them. */
import { statSync } from 'node:fs';
import { buildSeconds, neededTools, type Tool } from '../../lab/rig/binaries/tools.ts';
import { type Binaries, findBinaries } from '../../lab/rig/binaries.ts';
import { cannot, problem, usage } from '../problem.ts';

/** @throws Stop FD8012 when FIREDRILL_RIG_BIN does not name a folder: nothing else is looked at then. */
export async function lookForBinaries(): Promise<Binaries> {
  const given = process.env['FIREDRILL_RIG_BIN'];
  if (given && statSync(given, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw usage(problem('FD8012', 'there is no such folder', { where: `FIREDRILL_RIG_BIN=${given}` }));
  return await findBinaries();
}

/** @throws Stop FD8011 that names what is missing; FD7003 for options that are none. @param say Told of versions that differ. */
export async function requireBinaries(say: (text: string) => void): Promise<Binaries> {
  await refuseOptions();
  const binaries = await lookForBinaries();
  const { missing, assets } = binaries;
  if (missing.length > 0 || assets === undefined) throw cannot(lacking(missing, assets));
  for (const remark of binaries.remarks) say(remark);
  return binaries;
}

/** What the rig's own process would refuse, said before it is started. */
async function refuseOptions(): Promise<void> {
  // With it comes all that wires the rig: not for commands that start none.
  const { extrasOf } = await import('../../lab/rig/options.ts');
  try {
    extrasOf(process.env);
  } catch (error) {
    const remedy = 'Name members by commas: FIREDRILL_LAB_PULL=k3s, or unset it.';
    throw usage(problem('FD7003', (error as Error).message, { where: 'environment', remedy }));
  }
}

function lacking(tools: Tool[], assets: string | undefined) {
  const names = tools.length === neededTools.length ? [`all ${tools.length} programs`] : tools;
  const what = [...names, ...(assets === undefined ? ["Karmada's own definitions"] : [])].join(', ');
  return problem('FD8011', `not here: ${what}`, {
    where: 'tier rig',
    remedy:
      `Build them once: npx firedrill lab build (${minutes(buildSeconds(tools))} on 2 cores). Or name a folder ` +
      'that has them: FIREDRILL_RIG_BIN=FOLDER. The sandbox needs none of them: --fleet lab, --tier sandbox.',
  });
}

/** `about 12 minutes`; under one, seconds. */
export function minutes(seconds: number): string {
  if (seconds < 60) return `about ${seconds} s`;
  const whole = Math.round(seconds / 60);
  return whole === 1 ? 'about a minute' : `about ${whole} minutes`;
}

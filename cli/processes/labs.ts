/** The two labs as processes: the sandbox, and the rig of real control planes. */
import { existsSync, readFileSync } from 'node:fs';
import type { Plan } from '../../dsl/plan.ts';
import { versionsKey } from '../../lab/rig/binaries/versions.ts';
import { requireBinaries } from '../lab/binaries.ts';
import { script } from '../place.ts';
import { codeVersion } from './code-version.ts';
import { type Definition, home } from './definitions.ts';
import { inHome } from './home.ts';
import { livingRecord } from './record.ts';

/** What a fleet file's `tier` says. */
export type Tier = Plan['fleet']['tier'];
export type LabTier = Exclude<Tier, 'fleet'>;

/** Folders whose code a lab runs. */
const labCode = ['lab', 'dsl'];

export const lab: Definition = {
  name: 'lab',
  title: 'the lab: three clusters, Karmada, Front Door',
  version: () => codeVersion(labCode),
  async prepare() {
    const command: [string, string] = [process.execPath, script('lab/main')];
    return { name: 'lab', command, env: home(), ports: {}, version: this.version() };
  },
  isUp: () => controlAnswers('sandbox'),
};

export const rig: Definition = {
  name: 'rig',
  title: 'the rig: four Kubernetes control planes, Karmada, Front Door',
  version: () => `${codeVersion(labCode)}@${versionsKey()}`,
  async possible() {
    if (livingRecord('rig') === undefined) await requireBinaries(() => {});
  },
  async prepare(say) {
    await requireBinaries(say);
    const command: [string, string] = [process.execPath, script('lab/rig/main')];
    // Nineteen processes that store what they have, one after the other: about 10 s.
    const stopWithinMs = 30_000;
    return { name: 'rig', command, env: home(), ports: {}, version: this.version(), stopWithinMs };
  },
  isUp: () => controlAnswers('rig'),
  // 25 s for a first start on 2 free cores.
  startWithinMs: 120_000,
  tellsProgress: true,
};

export const labs: Record<LabTier, Definition> = { sandbox: lab, rig };

/** What commands start for a fleet of that tier; undefined for clusters of somebody's own. */
export function labOf(tier: Tier): Definition | undefined {
  return tier === 'fleet' ? undefined : labs[tier];
}

/** Address of a lab's control API, when one of that tier ever ran here. */
export function labControl(tier: LabTier): string | undefined {
  const file = inHome(labs[tier].name, 'control.url');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/\/$/, '') : undefined;
}

export async function controlAnswers(tier: LabTier): Promise<boolean> {
  const url = labControl(tier);
  if (url === undefined) return false;
  try {
    return (await fetch(`${url}/faults`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

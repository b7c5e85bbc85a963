/** What the rig of real control planes needs of this machine. It is an option: what lacks is no fault. */
import { toolchain } from '../../lab/rig/binaries/go.ts';
import { isOlder, leastGo } from '../../lab/rig/binaries/obstacles.ts';
import { neededTools, toolNames } from '../../lab/rig/binaries/tools.ts';
import { lookForBinaries } from '../lab/binaries.ts';
import { type Check, fromError, off, ok } from './checks.ts';

export async function goToolchain(): Promise<Check> {
  const found = await toolchain(process.env);
  const least = leastGo(toolNames);
  const remedy = `Install Go ${least} or later, if the rig's programs are to be built here.`;
  if (found === undefined)
    return { ...off('go', "not here; only the rig's programs are built with it"), remedy };
  if (!isOlder(found.version, least)) return ok('go', found.version);
  return { ...off('go', `${found.version} is too old to build the rig's programs`), remedy };
}

export async function rigPrograms(): Promise<Check> {
  try {
    const { found, missing, assets, remarks } = await lookForBinaries();
    const lacking = [...missing, ...(assets === undefined ? ["Karmada's own definitions"] : [])];
    if (lacking.length > 0) {
      const all = missing.length === neededTools.length;
      const what = all ? 'none yet; only the rig needs them' : `lacking: ${lacking.join(', ')}`;
      return { ...off('rig programs', what), remedy: 'npx firedrill lab build, or FIREDRILL_RIG_BIN=FOLDER' };
    }
    const sources = [...new Set(Object.values(found).map(({ source }) => source))].join(', ');
    return ok('rig programs', [`${Object.keys(found).length} from ${sources}`, ...remarks].join('; '));
  } catch (error) {
    return fromError('rig programs', error);
  }
}

import { kindOf } from '../clusters/kinds.ts';
import { contextOf, perform } from '../clusters/sandbox.ts';
import { acts, looks, membership, moves } from '../rights/cases.ts';
import { nothing, prepare, settle } from '../rights/fleet-state.ts';
import { rightsSuite } from '../rights/suite.ts';
import { openRig } from './fleet.ts';

const { signal } = new AbortController();

rightsSuite('membership on the rig', emptyRig, membership, nothing);

rightsSuite(
  'steps on the rig',
  async () => {
    const rig = openRig();
    await prepare(rig);
    return rig;
  },
  [...looks, ...acts, ...moves],
  settle,
);

/** k3s is out of the federation, and nothing would be propagated to it: a join can be undone whole. */
async function emptyRig() {
  const rig = openRig();
  const federation = rig.ports.federation();
  for (const { metadata } of await federation.list('v1', 'Namespace', signal))
    if (!/^(kube-|karmada-|default$|firedrill-system$)/.test(metadata.name))
      await federation.remove({ apiVersion: 'v1', kind: 'Namespace', name: metadata.name }, signal);
  await perform(kindOf('karmada/unjoin'), { cluster: 'k3s' }, contextOf(rig));
  return rig;
}

/** The federation contract on a real Karmada. */
import { deploy } from '../clusters/sandbox.ts';
import { federationContract } from '../contracts/federation.ts';
import { openRig } from './fleet.ts';

federationContract('rig', async () => {
  const rig = openRig();
  await deploy(rig);
  return { federation: rig.ports.federation(), close: rig.close };
});

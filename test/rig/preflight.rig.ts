import { preflightSuite } from '../clusters/preflight.ts';
import { prepare, settle } from '../rights/fleet-state.ts';
import { openRig } from './fleet.ts';

preflightSuite('rig', async () => {
  const rig = openRig();
  await prepare(rig);
  await settle(rig);
  return rig;
});

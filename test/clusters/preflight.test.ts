import { preparedSandbox, settle } from '../rights/fleet-state.ts';
import { preflightSuite } from './preflight.ts';

preflightSuite('sandbox', async () => {
  const sandbox = await preparedSandbox();
  await settle(sandbox);
  return sandbox;
});

import { openSandbox } from '../clusters/sandbox.ts';
import { acts, looks, membership } from './cases.ts';
import { nothing, prepare, settle } from './fleet-state.ts';
import { rightsSuite } from './suite.ts';

rightsSuite('membership on the sandbox', openSandbox, membership, nothing);

rightsSuite(
  'steps on the sandbox',
  async () => {
    const sandbox = await openSandbox();
    await prepare(sandbox);
    return sandbox;
  },
  [...looks, ...acts],
  settle,
);

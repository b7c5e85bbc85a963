import { kindOf } from '../clusters/kinds.ts';
import { contextOf, deploy, look, openSandbox } from '../clusters/sandbox.ts';
import { federationContract } from './federation.ts';

federationContract('sandbox', async () => {
  const sandbox = await openSandbox();
  await deploy(sandbox);
  await look(
    kindOf('karmada/await-spread'),
    { workload: 'deployment/hello', expect: 'steady' },
    contextOf(sandbox),
  );
  return { federation: sandbox.ports.federation(), close: () => sandbox.close() };
});

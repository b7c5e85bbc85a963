/** Which Temporal server: one that the environment or a profile of the standard temporal.toml gives, or ours. */
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { problem, usage } from '../problem.ts';

export interface Given {
  address: string;
  namespace: string;
  config: ClientConnectConfig;
}

/** The given server, or undefined when an embedded one is to be used. */
export function givenServer(): Given | undefined {
  const config = load();
  const address = config.connectionOptions.address;
  if (address === undefined || address === '') return undefined;
  return { address, namespace: config.namespace ?? 'default', config };
}

function load(): ClientConnectConfig {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    throw usage(problem('FD7019', error instanceof Error ? error.message : String(error)));
  }
}

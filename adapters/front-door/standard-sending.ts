/** Sends one change to a Standard profile, or takes up one that a lost attempt began. */
import type { CdnManagementClient } from '@azure/arm-cdn';
import type { Change } from './standard-changes.ts';
import type { Standard } from './standard-reading.ts';

/** How often a long-running operation is asked for, unless Azure says otherwise by Retry-After. */
const POLL_MS = 500;

interface Sending {
  signal: AbortSignal;
  /** State of a poller: it is polled on, nothing is sent. */
  resumeFrom?: string;
  onState(state: string): void;
}

export async function sendChange(
  client: CdnManagementClient,
  balancer: Standard,
  change: Change,
  { signal, resumeFrom, onState }: Sending,
): Promise<void> {
  const { resourceGroup: group, profile, originGroup, endpoint, route } = balancer;
  const options = { abortSignal: signal, updateIntervalInMs: POLL_MS, ...(resumeFrom && { resumeFrom }) };
  const poller = await begin();
  onState(poller.toString());
  await poller.pollUntilDone({ abortSignal: signal });

  function begin() {
    switch (change.do) {
      case 'create-origin':
        return client.afdOrigins.beginCreate(group, profile, originGroup, change.name, change.body, options);
      case 'update-origin':
        return client.afdOrigins.beginUpdate(group, profile, originGroup, change.name, change.body, options);
      case 'delete-origin':
        return client.afdOrigins.beginDelete(group, profile, originGroup, change.name, options);
      case 'update-group':
        return client.afdOriginGroups.beginUpdate(group, profile, originGroup, change.body, options);
      case 'create-route':
        return client.routes.beginCreate(group, profile, endpoint, route, change.body, options);
      case 'delete-route':
        return client.routes.beginDelete(group, profile, endpoint, route, options);
    }
  }
}

/** Front Door Standard and Premium through @azure/arm-cdn. */
import { CdnManagementClient } from '@azure/arm-cdn';
import { refused } from '../../activities/failure.ts';
import type { GlobalLoadBalancer } from '../../activities/ports/load-balancer.ts';
import { sleep } from '../../activities/sleep.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { resolveValue } from '../references.ts';
import { connect } from './connection.ts';
import { readHealth } from './metrics.ts';
import { patiently } from './patience.ts';
import { type Change, type Found, nextChange, toBalancing, type Wanting } from './standard-changes.ts';
import { readStandard, STANDARD_ROLE, type Standard } from './standard-reading.ts';
import { sendChange } from './standard-sending.ts';

/** Between two looks at a change that a lost attempt, or somebody else, began. */
const SETTLE_MS = 500;
/** A service that keeps answering something else than was written must not be written to for ever. */
const MOST_CHANGES = 40;

/** A change under way, as it is kept by whoever calls. */
interface Kept {
  change: Change;
  poller: string;
}

export function openStandard(balancer: Standard, fleet: Fleet): GlobalLoadBalancer {
  const connection = connect(balancer, fleet);
  const client = new CdnManagementClient(connection.credential, balancer.subscription, connection.options);
  const memberOf = (origin: string) =>
    Object.entries(balancer.backends).find(([, name]) => name === origin)?.[0] ?? '';

  return {
    target: () => ({ url: resolveValue(balancer.client.url, fleet.file), host: balancer.client.host }),
    async describe(signal) {
      return toBalancing(await readStandard(client, balancer, signal), memberOf);
    },
    async ensure(wanted, { signal, operation, onOperation }) {
      const resumed = operation !== undefined && (await resume(operation, signal));
      const wanting: Wanting = {
        wanted,
        ours: new Set(Object.values(balancer.backends)),
        secure: resolvesToTls(fleet),
      };
      const sent = await bringTo(wanting, signal, onOperation);
      return { changed: resumed || sent > 0 };
    },
    async health(signal) {
      const { backends } = toBalancing(await readStandard(client, balancer, signal), memberOf);
      const { subscription, resourceGroup, profile } = balancer;
      const resource = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Cdn/profiles/${profile}`;
      const measured = { resource, metric: 'OriginHealthPercentage', dimension: 'Origin' } as const;
      return readHealth(connection, measured, backends, signal);
    },
    pops: balancer.pops,
  };

  /** An operation that failed in the end is as good as none: what is still missing is sent again. */
  async function resume(operation: string, signal: AbortSignal): Promise<boolean> {
    const { change, poller } = JSON.parse(operation) as Kept;
    try {
      await patiently(
        () => sendChange(client, balancer, change, { signal, resumeFrom: poller, onState: () => undefined }),
        subject(change),
        signal,
      );
      return true;
    } catch (_error) {
      signal.throwIfAborted();
      return false;
    }
  }

  async function bringTo(wanting: Wanting, signal: AbortSignal, onOperation: (state: string) => void) {
    for (let sent = 0; sent <= MOST_CHANGES; sent += 1) {
      const found = await settled(signal);
      const change = nextChange(found, wanting);
      if (!change) return sent;
      await patiently(
        () =>
          sendChange(client, balancer, change, {
            signal,
            onState: (poller) => onOperation(JSON.stringify({ change, poller } satisfies Kept)),
          }),
        subject(change),
        signal,
      );
    }
    throw refused({
      code: 'FD4008',
      where: `profile ${balancer.profile}`,
      what: 'it keeps holding something else than was written',
      remedy: 'Something else manages it (a pipeline, a policy); stop that for the drill',
    });
  }

  /** What is there once no change is under way: a change of a lost attempt is awaited, never sent twice. */
  async function settled(signal: AbortSignal): Promise<Found> {
    for (;;) {
      const found = await readStandard(client, balancer, signal);
      const states = [found.group, found.route, ...found.origins].map((it) => it?.provisioningState ?? '');
      if (!states.some((state) => ['Creating', 'Updating', 'Deleting'].includes(state))) return found;
      await sleep(SETTLE_MS, signal);
    }
  }

  function subject(change: Change) {
    const what = 'name' in change ? `origin ${change.name}` : change.do.replace(/^\w+-/, '');
    return { where: `${what} of profile ${balancer.profile}`, role: STANDARD_ROLE };
  }
}

const resolvesToTls = (fleet: Fleet) =>
  Object.values(fleet.members).every(({ entry }) => resolveValue(entry.url, fleet.file).startsWith('https:'));

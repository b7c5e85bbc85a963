/** Front Door classic through @azure/arm-frontdoor: one resource, read whole and written whole. */
import { type FrontDoor, FrontDoorManagementClient, restorePoller } from '@azure/arm-frontdoor';
import type { Balancing, GlobalLoadBalancer } from '../../activities/ports/load-balancer.ts';
import { sleep } from '../../activities/sleep.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { resolveValue } from '../references.ts';
import { type Classic, type Owned, toBalancing, withBalancing } from './classic-document.ts';
import { connect } from './connection.ts';
import { readHealth } from './metrics.ts';
import { noSuch } from './missing.ts';
import { patiently } from './patience.ts';

const CLASSIC_ROLE = 'Network Contributor';
const READ_TRIES = 3;
const POLL_MS = 500;
const SETTLE_MS = 500;

export function openClassic(balancer: Classic, fleet: Fleet): GlobalLoadBalancer {
  const connection = connect(balancer, fleet);
  const client = new FrontDoorManagementClient(
    connection.credential,
    balancer.subscription,
    connection.options,
  );
  const { resourceGroup: group, frontDoor: name } = balancer;
  const subject = { where: `Front Door ${name}`, role: CLASSIC_ROLE };
  /** Two writers of one process would undo each other's work: one after the other. */
  let queue: Promise<unknown> = Promise.resolve();

  return {
    target: () => ({ url: resolveValue(balancer.client.url, fleet.file), host: balancer.client.host }),
    describe,
    ensure(wanted, { signal, operation, onOperation }) {
      const mine = queue.then(async () => {
        const resumed = operation !== undefined && (await resume(operation, signal));
        const changed = await patiently(() => write(wanted, signal, onOperation), subject, signal);
        return { changed: resumed || changed };
      });
      queue = mine.catch(() => undefined);
      return mine;
    },
    async health(signal) {
      const { backends } = await describe(signal);
      const resource = `/subscriptions/${balancer.subscription}/resourceGroups/${group}/providers/Microsoft.Network/frontDoors/${name}`;
      const measured = { resource, metric: 'BackendHealthPercentage', dimension: 'Backend' } as const;
      return readHealth(connection, measured, backends, signal);
    },
    pops: balancer.pops,
  };

  async function describe(signal: AbortSignal): Promise<Balancing> {
    const { door } = await patiently(() => read(signal), subject, signal, READ_TRIES);
    return toBalancing(door, owned());
  }

  async function read(signal: AbortSignal): Promise<{ door: FrontDoor; etag: string | undefined }> {
    let etag: string | undefined;
    const door = await client.frontDoors
      .get(group, name, {
        abortSignal: signal,
        onResponse: ({ headers }) => {
          etag = headers.get('etag');
        },
      })
      .catch(async (error: unknown) => {
        throw (await explain(signal)) ?? error;
      });
    return { door, etag };
  }

  async function explain(signal: AbortSignal) {
    const names: string[] = [];
    try {
      for await (const door of client.frontDoors.listByResourceGroup(group, { abortSignal: signal }))
        names.push(door.name ?? '');
    } catch {
      return undefined;
    }
    return noSuch('Front Door', name, names, group);
  }

  /** GET, then PUT on condition that nobody wrote in between; a 412 begins anew. */
  async function write(wanted: Balancing, signal: AbortSignal, onOperation: (state: string) => void) {
    const { door, etag } = await settled(signal);
    const next = withBalancing(door, wanted, owned());
    if (!next) return false;
    const poller = client.frontDoors.createOrUpdate(group, name, next, {
      updateIntervalInMs: POLL_MS,
      abortSignal: signal,
      requestOptions: { headers: etag === undefined ? {} : { 'if-match': etag } },
    });
    await poller.submitted();
    onOperation(await poller.serialize());
    await poller.pollUntilDone({ abortSignal: signal });
    return true;
  }

  /** A change of a lost attempt is awaited, never sent twice. */
  async function settled(signal: AbortSignal) {
    for (;;) {
      const found = await read(signal);
      if (!['Creating', 'Updating', 'Deleting'].includes(found.door.provisioningState ?? '')) return found;
      await sleep(SETTLE_MS, signal);
    }
  }

  /** An operation that failed in the end is as good as none. */
  async function resume(operation: string, signal: AbortSignal): Promise<boolean> {
    try {
      await patiently(
        () =>
          restorePoller(client, operation, client.frontDoors.createOrUpdate, {
            updateIntervalInMs: POLL_MS,
            abortSignal: signal,
          }).pollUntilDone({ abortSignal: signal }),
        subject,
        signal,
      );
      return true;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  /** Classic backends have no name: ours are known by the address of the member's entry point. */
  function owned(): Owned {
    return {
      pool: balancer.backendPool,
      members: Object.entries(balancer.backends).map(([member, label]) => {
        const entry = fleet.members[member]?.entry.url;
        return { member, label, address: entry ? new URL(resolveValue(entry, fleet.file)).host : label };
      }),
    };
  }
}

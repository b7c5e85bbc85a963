/** Reads what a Standard profile holds, and says which name of the fleet file is wrong when one is. */
import type { CdnManagementClient } from '@azure/arm-cdn';
import type { LoadBalancer } from '../../dsl/fleet.ts';
import { noSuch } from './missing.ts';
import { orMissing, patiently } from './patience.ts';
import type { Found } from './standard-changes.ts';

export type Standard = Extract<LoadBalancer, { kind: 'front-door-standard' }>;

export const STANDARD_ROLE = 'CDN Profile Contributor';
const READ_TRIES = 3;

export async function readStandard(
  client: CdnManagementClient,
  balancer: Standard,
  signal: AbortSignal,
): Promise<Found> {
  const { resourceGroup: group, profile, endpoint, originGroup, route } = balancer;
  const options = { abortSignal: signal };
  const read = <T>(what: string, ask: () => Promise<T>) =>
    patiently(ask, { where: what, role: STANDARD_ROLE }, signal, READ_TRIES);

  const origins = await read(`origin group ${originGroup}`, () =>
    Promise.all([
      client.afdOriginGroups.get(group, profile, originGroup, options),
      collect(client.afdOrigins.listByOriginGroup(group, profile, originGroup, options)),
      orMissing(() => client.routes.get(group, profile, endpoint, route, options))(),
      client.afdEndpoints.get(group, profile, endpoint, options),
      collect(client.afdCustomDomains.listByProfile(group, profile, options)),
    ]).catch(async (error: unknown) => {
      throw (await explain(client, balancer, signal)) ?? error;
    }),
  );
  const [foundGroup, foundOrigins, foundRoute, , domains] = origins;
  return {
    group: foundGroup,
    origins: foundOrigins,
    route: foundRoute,
    domains: domains.flatMap(({ id, hostName }) => (hostName === balancer.client.host && id ? [id] : [])),
  };
}

/** A 404 tells that something is missing; looking from the top down tells what, and what is there instead. */
async function explain(client: CdnManagementClient, balancer: Standard, signal: AbortSignal) {
  const { resourceGroup: group, profile, endpoint, originGroup } = balancer;
  const options = { abortSignal: signal };
  const levels = [
    { what: 'profile', name: profile, list: () => client.profiles.listByResourceGroup(group, options) },
    {
      what: 'endpoint',
      name: endpoint,
      list: () => client.afdEndpoints.listByProfile(group, profile, options),
    },
    {
      what: 'origin group',
      name: originGroup,
      list: () => client.afdOriginGroups.listByProfile(group, profile, options),
    },
  ];
  for (const { what, name, list } of levels) {
    const names = await collect<{ name?: string }>(list()).catch(() => undefined);
    if (!names) return undefined;
    const missing = noSuch(
      what,
      name,
      names.map((it) => it.name ?? ''),
      balancer.resourceGroup,
    );
    if (missing) return missing;
  }
  return undefined;
}

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

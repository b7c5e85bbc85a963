/** Reads the balancing out of a classic Front Door's one document, and writes it back into it. Pure. */
import type { Backend as ClassicBackend, FrontDoor, SubResource } from '@azure/arm-frontdoor';
import { refused } from '../../activities/failure.ts';
import type { Backend, Balancing } from '../../activities/ports/load-balancer.ts';
import type { LoadBalancer } from '../../dsl/fleet.ts';
import { joinAddress, splitAddress } from './address.ts';
import { noSuch } from './missing.ts';

export type Classic = Extract<LoadBalancer, { kind: 'front-door-classic' }>;

export interface Owned {
  pool: string;
  members: { member: string; label: string; address: string }[];
}

export function toBalancing(door: FrontDoor, owned: Owned): Balancing {
  const { pool, balancing, probe } = parts(door, owned);
  return {
    backends: (pool.backends ?? []).map((backend) => toBackend(backend, owned)),
    probe: {
      path: probe.path ?? '/',
      intervalMs: (probe.intervalInSeconds ?? 30) * 1000,
      samples: balancing.sampleSize ?? 4,
      successful: balancing.successfulSamplesRequired ?? 2,
    },
    latencyBandMs: balancing.additionalLatencyMilliseconds ?? 0,
  };
}

/** The document with the wanted balancing in it; undefined when it holds that already. */
export function withBalancing(door: FrontDoor, wanted: Balancing, owned: Owned): FrontDoor | undefined {
  const now = toBalancing(door, owned);
  const foreign = now.backends.filter((backend) => backend.member === '');
  const ours = wanted.backends.filter((backend) => backend.member !== '');
  if (foreign.length + ours.length === 0) throw emptied(door, owned);
  if (same({ ...wanted, backends: [...foreign, ...ours] }, now)) return undefined;
  const { pool, balancing, probe } = parts(door, owned);
  const kept = (pool.backends ?? []).filter((backend) => toBackend(backend, owned).member === '');
  const replace = <T>(list: T[] | undefined, old: T, next: T) =>
    (list ?? []).map((it) => (it === old ? next : it));
  return {
    ...door,
    backendPools: replace(door.backendPools, pool, {
      ...pool,
      backends: [...kept, ...ours.map((backend) => toClassic(backend, pool.backends ?? [], owned))],
    }),
    loadBalancingSettings: replace(door.loadBalancingSettings, balancing, {
      ...balancing,
      sampleSize: wanted.probe.samples,
      successfulSamplesRequired: wanted.probe.successful,
      additionalLatencyMilliseconds: wanted.latencyBandMs,
    }),
    healthProbeSettings: replace(door.healthProbeSettings, probe, {
      ...probe,
      path: wanted.probe.path,
      intervalInSeconds: wanted.probe.intervalMs / 1000,
    }),
  };
}

/** The order of backends means nothing. */
function same(one: Balancing, other: Balancing): boolean {
  const canonical = ({ backends, probe, latencyBandMs }: Balancing) =>
    JSON.stringify([
      backends
        .map(({ address, hostHeader, enabled, weight, priority }) => [
          address,
          hostHeader,
          enabled,
          weight,
          priority,
        ])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
      [probe.path, probe.intervalMs, probe.samples, probe.successful, latencyBandMs],
    ]);
  return canonical(one) === canonical(other);
}

function parts(door: FrontDoor, owned: Owned) {
  const pools = door.backendPools ?? [];
  const pool = pools.find((it) => it.name === owned.pool);
  const missing = noSuch(
    'backend pool',
    owned.pool,
    pools.map((it) => it.name ?? ''),
    door.name ?? '',
  );
  const balancing = referred(door.loadBalancingSettings, pool?.loadBalancingSettings);
  const probe = referred(door.healthProbeSettings, pool?.healthProbeSettings);
  if (pool && balancing && probe) return { pool, balancing, probe };
  throw (
    missing ??
    refused({
      code: 'FD4009',
      where: `backend pool ${owned.pool}`,
      what: 'it has no health probe or load balancing settings of its own',
      remedy: 'Give it both in the Front Door designer',
    })
  );
}

function referred<T extends { name?: string }>(
  list: T[] | undefined,
  reference: SubResource | undefined,
): T | undefined {
  const name = reference?.id?.split('/').at(-1)?.toLowerCase();
  return list?.find((it) => it.name?.toLowerCase() === name);
}

function toBackend(backend: ClassicBackend, owned: Owned): Backend {
  const address = joinAddress(backend.address ?? '', backend);
  const member = owned.members.find((it) => it.address === address || it.label === address);
  return {
    member: member?.member ?? '',
    name: member?.label ?? address,
    address,
    hostHeader: backend.backendHostHeader ?? '',
    enabled: backend.enabledState !== 'Disabled',
    weight: backend.weight ?? 50,
    priority: backend.priority ?? 1,
  };
}

/** What a drill does not know of a backend (private links) stays as it is. */
function toClassic(backend: Backend, before: ClassicBackend[], owned: Owned): ClassicBackend {
  const old = before.find((it) => toBackend(it, owned).member === backend.member);
  const { host, httpPort, httpsPort } = splitAddress(backend.address);
  const stays = old !== undefined && toBackend(old, owned).address === backend.address;
  return {
    ...old,
    ...(!stays && { address: host, httpPort, httpsPort }),
    backendHostHeader: backend.hostHeader,
    enabledState: backend.enabled ? 'Enabled' : 'Disabled',
    weight: backend.weight,
    priority: backend.priority,
  };
}

const emptied = (door: FrontDoor, owned: Owned) =>
  refused({
    code: 'FD4010',
    where: `backend pool ${owned.pool} of ${door.name}`,
    what: 'the change would leave it without a backend, which a classic Front Door does not allow',
    remedy: 'Leave one backend in the pool, disabled if need be',
  });

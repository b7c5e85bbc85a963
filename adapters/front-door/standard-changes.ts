/** Which request comes next on the way from what a Standard profile holds to what is wanted. Pure. */
import type { AFDOrigin, AFDOriginGroup, Route } from '@azure/arm-cdn';
import type { Backend, Balancing } from '../../activities/ports/load-balancer.ts';
import { joinAddress, splitAddress } from './address.ts';

/** What is there. */
export interface Found {
  group: AFDOriginGroup;
  origins: AFDOrigin[];
  route: Route | undefined;
  /** Ids of the custom domains of the public host. */
  domains: string[];
}

export type Change =
  | { do: 'create-origin' | 'update-origin'; name: string; body: AFDOrigin }
  | { do: 'delete-origin'; name: string }
  | { do: 'update-group'; body: Pick<AFDOriginGroup, 'loadBalancingSettings' | 'healthProbeSettings'> }
  | { do: 'create-route'; body: Route }
  | { do: 'delete-route' };

export interface Wanting {
  wanted: Balancing;
  /** Origin names the fleet file gives to members; no other origin is ever touched. */
  ours: ReadonlySet<string>;
  /** Whether the entry points are asked by TLS; for a route that has to be made. */
  secure: boolean;
}

/**
 * One change at a time, in an order in which users are never left without an origin: settings, new and better
 * origins, the route, and only then what is switched off or taken away.
 */
export function nextChange(found: Found, { wanted, ours, secure }: Wanting): Change | undefined {
  const backends = wanted.backends.filter((backend) => ours.has(backend.name));
  const changes = backends.flatMap((backend) => originChange(backend, found.origins) ?? []);
  const surplus = found.origins.filter(
    ({ name = '' }) => ours.has(name) && !backends.some((backend) => backend.name === name),
  );
  const emptied = surplus.length === found.origins.length && backends.length === 0;
  if (emptied && found.route) return { do: 'delete-route' };
  const first = surplus[0]?.name;
  return (
    groupChange(found.group, wanted) ??
    changes.find((change) => !disables(change)) ??
    (backends.length > 0 && !found.route
      ? { do: 'create-route', body: newRoute(found, secure) }
      : undefined) ??
    changes[0] ??
    (first === undefined ? undefined : { do: 'delete-origin', name: first })
  );
}

const disables = (change: Change) =>
  (change.do === 'create-origin' || change.do === 'update-origin') && change.body.enabledState === 'Disabled';

function originChange(backend: Backend, origins: AFDOrigin[]): Change | undefined {
  const current = origins.find((origin) => origin.name === backend.name);
  const body = toOrigin(backend);
  if (!current)
    return { do: 'create-origin', name: backend.name, body: { ...body, enforceCertificateNameCheck: true } };
  // An address that stays keeps both its ports, also the one that this protocol does not use.
  if (toBackend(current, backend.member).address === backend.address) {
    delete body.httpPort;
    delete body.httpsPort;
  }
  const differing = Object.entries(body).filter(([key, value]) => current[key as keyof AFDOrigin] !== value);
  return differing.length === 0
    ? undefined
    : { do: 'update-origin', name: backend.name, body: Object.fromEntries(differing) };
}

function toOrigin(backend: Backend): AFDOrigin {
  const { host, httpPort, httpsPort } = splitAddress(backend.address);
  return {
    hostName: host,
    httpPort,
    httpsPort,
    originHostHeader: backend.hostHeader,
    enabledState: backend.enabled ? 'Enabled' : 'Disabled',
    weight: backend.weight,
    priority: backend.priority,
  };
}

export function toBackend(origin: AFDOrigin, member: string): Backend {
  return {
    member,
    name: origin.name ?? '',
    address: joinAddress(origin.hostName ?? '', origin),
    hostHeader: origin.originHostHeader ?? '',
    enabled: origin.enabledState !== 'Disabled',
    weight: origin.weight ?? 1000,
    priority: origin.priority ?? 1,
  };
}

export function toBalancing({ group, origins }: Found, memberOf: (name: string) => string): Balancing {
  const { loadBalancingSettings: balancing = {}, healthProbeSettings: probe } = group;
  return {
    backends: origins.map((origin) => toBackend(origin, memberOf(origin.name ?? ''))),
    probe: {
      path: probe?.probePath ?? '/',
      intervalMs: (probe?.probeIntervalInSeconds ?? 100) * 1000,
      samples: balancing.sampleSize ?? 4,
      successful: balancing.successfulSamplesRequired ?? 3,
    },
    latencyBandMs: balancing.additionalLatencyInMilliseconds ?? 50,
  };
}

function groupChange(group: AFDOriginGroup, wanted: Balancing): Change | undefined {
  const now = toBalancing({ group, origins: [], route: undefined, domains: [] }, () => '');
  const { probe, latencyBandMs } = wanted;
  if (latencyBandMs === now.latencyBandMs && JSON.stringify(probe) === JSON.stringify(now.probe))
    return undefined;
  return {
    do: 'update-group',
    body: {
      loadBalancingSettings: {
        ...group.loadBalancingSettings,
        sampleSize: probe.samples,
        successfulSamplesRequired: probe.successful,
        additionalLatencyInMilliseconds: latencyBandMs,
      },
      healthProbeSettings: {
        ...group.healthProbeSettings,
        probePath: probe.path,
        probeIntervalInSeconds: probe.intervalMs / 1000,
      },
    },
  };
}

function newRoute({ group, domains }: Found, secure: boolean): Route {
  return {
    originGroup: { id: group.id ?? '' },
    customDomains: domains.map((id) => ({ id })),
    linkToDefaultDomain: 'Enabled',
    patternsToMatch: ['/*'],
    supportedProtocols: ['Http', 'Https'],
    forwardingProtocol: secure ? 'HttpsOnly' : 'HttpOnly',
    httpsRedirect: 'Disabled',
    enabledState: 'Enabled',
  };
}

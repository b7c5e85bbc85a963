/** Front Door classic: Microsoft.Network/frontDoors, one resource that holds everything (api-version 2025-11-01). */
import type { Delivery, Origin } from './delivery.ts';
import { lastName } from './resource-id.ts';
import type { Properties, Resources } from './resources.ts';
import { endpointSettings, inRange, oneOf, sampling, type TypeRules } from './rules.ts';

export const FRONT_DOOR = 'Microsoft.Network/frontDoors';

interface Part {
  id?: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the part
  properties: Record<string, any>;
}

const partLists = [
  'routingRules',
  'loadBalancingSettings',
  'healthProbeSettings',
  'backendPools',
  'frontendEndpoints',
];

export const classicRules: TypeRules[] = [
  {
    type: FRONT_DOOR,
    apiVersion: '2025-11-01',
    verbs: ['PUT'],
    complete: (properties, id) => ({
      enabledState: 'Enabled',
      ...properties,
      cname: `${lastName(id)}.azurefd.net`,
      resourceState: 'Enabled',
      ...Object.fromEntries(partLists.map((list) => [list, withIds(properties[list], `${id}/${list}`)])),
    }),
    refuse: refuseFrontDoor,
  },
];

function withIds(parts: Part[] | undefined, prefix: string): Part[] {
  return (parts ?? []).map((part) => ({
    ...part,
    id: `${prefix}/${part.name}`,
    properties: { ...part.properties, resourceState: 'Enabled' },
  }));
}

function refuseFrontDoor(properties: Properties): string | undefined {
  for (const list of partLists)
    if (!Array.isArray(properties[list]) || properties[list].length === 0)
      return `Front Door needs at least one of '${list}'.`;
  for (const { name, properties: pool } of properties.backendPools as Part[]) {
    if (!pool.backends?.length) return `BackendPool '${name}' must have at least one backend.`;
    const fault = pool.backends.map((backend: Properties) => endpointSettings(backend)).find(Boolean);
    if (fault) return fault;
  }
  for (const { properties: probe } of properties.healthProbeSettings as Part[]) {
    const fault =
      inRange('intervalInSeconds', probe.intervalInSeconds, 5, 31_536_000) ??
      oneOf('healthProbeMethod', probe.healthProbeMethod, ['GET', 'HEAD']) ??
      oneOf('enabledState', probe.enabledState, ['Enabled', 'Disabled']);
    if (fault) return fault;
  }
  for (const { properties: settings } of properties.loadBalancingSettings as Part[]) {
    const fault =
      sampling(settings) ??
      inRange('additionalLatencyMilliseconds', settings.additionalLatencyMilliseconds, 0, 1000);
    if (fault) return fault;
  }
  return oneOf('enabledState', properties.enabledState, ['Enabled', 'Disabled']);
}

const sameName = (part: Part, reference: { id?: string } | undefined) =>
  part.name.toLowerCase() === lastName(reference?.id ?? '').toLowerCase();

/** What the points of presence serve: one delivery an enabled routing rule. */
export function classicDeliveries(resources: Resources): Delivery[] {
  return resources
    .all()
    .filter((it) => it.type === FRONT_DOOR && it.properties.enabledState === 'Enabled')
    .flatMap((door) =>
      (door.properties.routingRules as Part[])
        .filter((rule) => rule.properties.enabledState === 'Enabled')
        .flatMap((rule) => deliver(rule, door.properties)),
    );
}

function deliver(rule: Part, door: Properties): Delivery[] {
  const find = (list: string, reference: { id?: string } | undefined) =>
    (door[list] as Part[]).find((part) => sameName(part, reference));
  const pool = find('backendPools', rule.properties.routeConfiguration?.backendPool);
  const probe = find('healthProbeSettings', pool?.properties.healthProbeSettings)?.properties;
  const balancing = find('loadBalancingSettings', pool?.properties.loadBalancingSettings)?.properties;
  if (!pool || !probe || !balancing) return [];
  const frontends = ((rule.properties.frontendEndpoints ?? []) as { id: string }[]).map((reference) =>
    find('frontendEndpoints', reference),
  );
  return [
    {
      id: pool.id ?? pool.name,
      hosts: frontends.map((it) => it?.properties.hostName),
      patterns: rule.properties.patternsToMatch,
      origins: pool.properties.backends.map(toOrigin),
      probe: {
        path: probe.path ?? '/',
        method: probe.healthProbeMethod === 'GET' ? 'GET' : 'HEAD',
        intervalMs: probe.intervalInSeconds * 1000,
      },
      sampleSize: balancing.sampleSize,
      successfulSamplesRequired: balancing.successfulSamplesRequired,
      latencyBandMs: balancing.additionalLatencyMilliseconds,
      originTimeoutMs: (door.backendPoolsSettings?.sendRecvTimeoutSeconds ?? 30) * 1000,
    },
  ];
}

/** Classic backends have no name of their own: their address is their name. */
function toOrigin(backend: Properties): Origin {
  return {
    name: `${backend.address}:${backend.httpPort}`,
    host: backend.address,
    port: backend.httpPort,
    hostHeader: backend.backendHostHeader ?? '',
    enabled: backend.enabledState !== 'Disabled',
    weight: backend.weight ?? 50,
    priority: backend.priority ?? 1,
  };
}

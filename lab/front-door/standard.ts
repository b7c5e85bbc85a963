/** Front Door Standard: Microsoft.Cdn profiles and what is under them (api-version 2024-02-01). */
import { badRequest } from './azure-error.ts';
import type { Delivery, Origin } from './delivery.ts';
import { lastName, ownerOf, parentOf } from './resource-id.ts';
import type { Properties, Resource, Resources } from './resources.ts';
import { endpointSettings, inRange, oneOf, sampling, type TypeRules } from './rules.ts';

const apiVersion = '2024-02-01';
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const PROFILE = 'Microsoft.Cdn/profiles';
export const ENDPOINT = `${PROFILE}/afdEndpoints`;
export const ROUTE = `${ENDPOINT}/routes`;
export const ORIGIN_GROUP = `${PROFILE}/originGroups`;
export const ORIGIN = `${ORIGIN_GROUP}/origins`;
export const CUSTOM_DOMAIN = `${PROFILE}/customDomains`;

const routes = (resources: Resources, profile: string) =>
  resources.all().filter((resource) => resource.type === ROUTE && same(ownerOf(resource.id), profile));

export const standardRules: TypeRules[] = [
  {
    type: PROFILE,
    apiVersion,
    verbs: ['PATCH'],
    complete: (properties) => properties,
    refuse: (properties) =>
      inRange('originResponseTimeoutSeconds', properties.originResponseTimeoutSeconds, 16, 240),
  },
  {
    type: ENDPOINT,
    apiVersion,
    verbs: ['PATCH'],
    complete: (properties) => properties,
    refuse: (properties) => oneOf('enabledState', properties.enabledState, ['Enabled', 'Disabled']),
  },
  { type: CUSTOM_DOMAIN, apiVersion, verbs: [], complete: (it) => it, refuse: () => undefined },
  {
    type: ORIGIN_GROUP,
    apiVersion,
    verbs: ['PUT', 'PATCH', 'DELETE'],
    complete: (properties) => ({ sessionAffinityState: 'Disabled', ...properties }),
    refuse: refuseGroup,
    conflict: (id, next, resources) =>
      next === undefined && routes(resources, ownerOf(id)).some((route) => usesGroup(route, id))
        ? badRequest(`The origin group '${lastName(id)}' is in use by a route and cannot be deleted.`)
        : undefined,
  },
  {
    type: ORIGIN,
    apiVersion,
    verbs: ['PUT', 'PATCH', 'DELETE'],
    complete: (properties) => ({
      httpPort: 80,
      httpsPort: 443,
      priority: 1,
      weight: 1000,
      enabledState: 'Enabled',
      enforceCertificateNameCheck: true,
      ...properties,
    }),
    refuse: (properties) =>
      properties.hostName ? endpointSettings(properties) : "Property 'hostName' must not be empty.",
    conflict: keepsOneOrigin,
  },
  {
    type: ROUTE,
    apiVersion,
    verbs: ['PUT', 'PATCH', 'DELETE'],
    complete: (properties) => ({
      patternsToMatch: ['/*'],
      supportedProtocols: ['Http', 'Https'],
      enabledState: 'Enabled',
      linkToDefaultDomain: 'Disabled',
      forwardingProtocol: 'MatchRequest',
      httpsRedirect: 'Disabled',
      ...properties,
    }),
    refuse: (properties) =>
      oneOf('forwardingProtocol', properties.forwardingProtocol, ['HttpOnly', 'HttpsOnly', 'MatchRequest']) ??
      oneOf('enabledState', properties.enabledState, ['Enabled', 'Disabled']),
    conflict: routeConflict,
  },
];

function refuseGroup(properties: Properties): string | undefined {
  const probe = properties.healthProbeSettings ?? {};
  const latency = properties.loadBalancingSettings?.additionalLatencyInMilliseconds;
  return (
    sampling(properties.loadBalancingSettings) ??
    inRange('additionalLatencyInMilliseconds', latency, 0, 1000) ??
    inRange('probeIntervalInSeconds', probe.probeIntervalInSeconds, 1, 255) ??
    oneOf('probeRequestType', probe.probeRequestType, ['NotSet', 'GET', 'HEAD']) ??
    oneOf('probeProtocol', probe.probeProtocol, ['NotSet', 'Http', 'Https']) ??
    oneOf('sessionAffinityState', properties.sessionAffinityState, ['Enabled', 'Disabled'])
  );
}

function usesGroup(route: Resource, group: string): boolean {
  return same(route.properties.originGroup?.id ?? '', group);
}

/** A group that a route uses keeps at least one enabled origin. */
function keepsOneOrigin(id: string, next: Resource | undefined, resources: Resources) {
  const group = parentOf(id) ?? '';
  if (!routes(resources, ownerOf(id)).some((route) => usesGroup(route, group))) return undefined;
  const others = resources.children(group, ORIGIN).filter((origin) => !same(origin.id, id));
  const enabled = [...others, ...(next ? [next] : [])].filter(
    (origin) => origin.properties.enabledState === 'Enabled',
  );
  return enabled.length > 0
    ? undefined
    : badRequest(`The origin group '${lastName(group)}' is in use by a route and needs an enabled origin.`);
}

function routeConflict(id: string, next: Resource | undefined, resources: Resources) {
  if (next === undefined) return undefined;
  const group = next.properties.originGroup?.id ?? '';
  if (resources.get(group) === undefined)
    return badRequest(`The origin group '${lastName(group)}' of the route does not exist.`);
  if (resources.children(group, ORIGIN).length === 0)
    return badRequest(
      `Please make sure at least one origin is created under origin group '${lastName(group)}'.`,
    );
  const patterns: string[] = next.properties.patternsToMatch;
  const clash = routes(resources, ownerOf(id)).find(
    (route) =>
      !same(route.id, id) && route.properties.patternsToMatch.some((it: string) => patterns.includes(it)),
  );
  return clash
    ? badRequest(`The route '${lastName(clash.id)}' already matches the same domains and patterns.`)
    : undefined;
}

/** What the points of presence serve: one delivery a route that is enabled on an enabled endpoint. */
export function standardDeliveries(resources: Resources): Delivery[] {
  const enabled = (resource: Resource | undefined) => resource?.properties.enabledState === 'Enabled';
  return resources
    .all()
    .filter(
      (route) => route.type === ROUTE && enabled(route) && enabled(resources.get(parentOf(route.id) ?? '')),
    )
    .flatMap((route) => {
      const group = resources.get(route.properties.originGroup.id);
      return group ? [deliver(route, group, resources)] : [];
    });
}

function deliver(route: Resource, group: Resource, resources: Resources): Delivery {
  const { loadBalancingSettings: balancing, healthProbeSettings: probe } = group.properties;
  const endpoint = resources.get(parentOf(route.id) ?? '');
  const domains: { id: string }[] = route.properties.customDomains ?? [];
  const linked = route.properties.linkToDefaultDomain === 'Enabled' ? [endpoint?.properties.hostName] : [];
  return {
    id: group.id,
    hosts: [...domains.map((domain) => resources.get(domain.id)?.properties.hostName), ...linked],
    patterns: route.properties.patternsToMatch,
    origins: resources.children(group.id, ORIGIN).map(toOrigin),
    probe: {
      path: probe.probePath ?? '/',
      method: probe.probeRequestType === 'GET' ? 'GET' : 'HEAD',
      intervalMs: probe.probeIntervalInSeconds * 1000,
    },
    sampleSize: balancing.sampleSize,
    successfulSamplesRequired: balancing.successfulSamplesRequired,
    latencyBandMs: balancing.additionalLatencyInMilliseconds,
    originTimeoutMs: resources.get(ownerOf(group.id))?.properties.originResponseTimeoutSeconds * 1000,
  };
}

function toOrigin(resource: Resource): Origin {
  const { hostName, httpPort, originHostHeader, enabledState, weight, priority } = resource.properties;
  return {
    name: lastName(resource.id),
    host: hostName,
    port: httpPort,
    hostHeader: originHostHeader ?? '',
    enabled: enabledState === 'Enabled',
    weight,
    priority,
  };
}

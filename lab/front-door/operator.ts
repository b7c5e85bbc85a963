/**
 * What an operator had set up before the first drill: a Standard profile with an endpoint, the public host and
 * an origin group without origins; a classic Front Door that sends everything to one backend.
 */

import { classicRules, FRONT_DOOR } from './classic.ts';
import type { Resource } from './resources.ts';
import { CUSTOM_DOMAIN, ENDPOINT, ORIGIN_GROUP } from './standard.ts';

export interface Site {
  subscription: string;
  resourceGroup: string;
  /** The public host. */
  host: string;
  probeIntervalSeconds: number;
  /** `host:port` of the entry point that classic sends to at first. */
  firstBackend: string;
}

/** Names that `fleets/lab.yaml` and `fleets/lab-classic.yaml` refer to. */
export const names = {
  profile: 'fd-profile',
  endpoint: 'hello',
  originGroup: 'members',
  customDomain: 'hello-example-com',
  frontDoor: 'fd-classic',
  backendPool: 'members',
};

export function operatorResources(site: Site): Resource[] {
  const group = `/subscriptions/${site.subscription}/resourceGroups/${site.resourceGroup}/providers`;
  const profile = `${group}/Microsoft.Cdn/profiles/${names.profile}`;
  const resource = (id: string, type: string, properties: Resource['properties']): Resource => ({
    id,
    type,
    etag: 'W/"0"',
    properties,
  });
  return [
    {
      ...resource(profile, 'Microsoft.Cdn/profiles', { originResponseTimeoutSeconds: 16 }),
      location: 'Global',
      sku: { name: 'Standard_AzureFrontDoor' },
    },
    {
      ...resource(`${profile}/afdEndpoints/${names.endpoint}`, ENDPOINT, {
        enabledState: 'Enabled',
        hostName: `${names.endpoint}-lab.z01.azurefd.net`,
      }),
      location: 'Global',
    },
    resource(`${profile}/customDomains/${names.customDomain}`, CUSTOM_DOMAIN, { hostName: site.host }),
    resource(`${profile}/originGroups/${names.originGroup}`, ORIGIN_GROUP, {
      sessionAffinityState: 'Disabled',
      loadBalancingSettings: {
        sampleSize: 4,
        successfulSamplesRequired: 2,
        additionalLatencyInMilliseconds: 1000,
      },
      healthProbeSettings: {
        probePath: '/',
        probeRequestType: 'GET',
        probeProtocol: 'Http',
        probeIntervalInSeconds: site.probeIntervalSeconds,
      },
    }),
    classicFrontDoor(`${group}/${FRONT_DOOR}/${names.frontDoor}`, site),
  ];
}

function classicFrontDoor(id: string, site: Site): Resource {
  const [address, port] = site.firstBackend.split(':');
  const part = (name: string, properties: Record<string, unknown>) => ({ name, properties });
  const reference = (list: string, name: string) => ({ id: `${id}/${list}/${name}` });
  const properties = {
    enabledState: 'Enabled',
    backendPoolsSettings: { enforceCertificateNameCheck: 'Enabled', sendRecvTimeoutSeconds: 16 },
    frontendEndpoints: [part('hello', { hostName: site.host, sessionAffinityEnabledState: 'Disabled' })],
    loadBalancingSettings: [
      part('hello', { sampleSize: 4, successfulSamplesRequired: 2, additionalLatencyMilliseconds: 1000 }),
    ],
    healthProbeSettings: [
      part('hello', {
        path: '/',
        protocol: 'Http',
        intervalInSeconds: site.probeIntervalSeconds,
        healthProbeMethod: 'GET',
        enabledState: 'Enabled',
      }),
    ],
    backendPools: [
      part(names.backendPool, {
        backends: [
          {
            address,
            httpPort: Number(port),
            httpsPort: 443,
            enabledState: 'Enabled',
            priority: 1,
            weight: 50,
            backendHostHeader: site.host,
          },
        ],
        loadBalancingSettings: reference('loadBalancingSettings', 'hello'),
        healthProbeSettings: reference('healthProbeSettings', 'hello'),
      }),
    ],
    routingRules: [
      part('hello', {
        frontendEndpoints: [reference('frontendEndpoints', 'hello')],
        acceptedProtocols: ['Http'],
        patternsToMatch: ['/*'],
        enabledState: 'Enabled',
        routeConfiguration: {
          '@odata.type': '#Microsoft.Azure.FrontDoor.Models.FrontdoorForwardingConfiguration',
          forwardingProtocol: 'HttpOnly',
          backendPool: reference('backendPools', names.backendPool),
        },
      }),
    ],
  };
  const complete = classicRules[0]?.complete(properties, id) ?? properties;
  return { id, type: FRONT_DOOR, etag: 'W/"0"', location: 'global', properties: complete };
}

/** Makes a bare API server Karmada's control plane: its kinds, its aggregated API, its webhooks, its roles. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KubeObject } from '../store.ts';
import { readAssets } from './assets.ts';
import type { Wiring } from './kubernetes.ts';
import { FEDERATION } from './layout.ts';
import { eventually, type PlaneClient } from './plane.ts';

const NAMESPACE = 'karmada-system';
const AGGREGATED = 'karmada-aggregated-apiserver';
const marker = { name: 'firedrill-rig', namespace: NAMESPACE };

/** Where the webhook and the aggregated API server listen, and by whose authority. */
interface Place {
  authority: string;
  webhook: string;
  aggregatedPort: number;
}

/** Before the aggregated API server and the webhook are started. Does nothing when it is all there. */
export async function installKarmada(plane: PlaneClient, wiring: Wiring, assets: string): Promise<void> {
  const place: Place = {
    authority: readFileSync(wiring.files.pki(FEDERATION, 'ca.crt')).toString('base64'),
    webhook: `https://127.0.0.1:${wiring.port('karmada-webhook')}`,
    aggregatedPort: wiring.port(AGGREGATED),
  };
  const objects = objectsOf(place, assets);
  const version = createHash('sha256').update(JSON.stringify(objects)).digest('hex');
  if (
    (await plane.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: marker }))?.data?.version === version
  )
    return;
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  await Promise.all(objects.map((object) => eventually(nameOf(object), () => plane.apply(object))));
  await plane.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: marker, data: { version } });
}

function objectsOf(place: Place, assets: string): KubeObject[] {
  return [
    ...readAssets(assets, 'crds').map((crd) => withConversion(crd, place)),
    ...readAssets(assets, 'roles'),
    ...readAssets(assets, 'webhooks', { caBundle: place.authority }).map((one) => atAddress(one, place)),
    ...aggregation(place),
  ];
}

/** Bindings are read in two versions. */
function withConversion(crd: KubeObject, { authority, webhook }: Place): KubeObject {
  if (!/^(cluster)?resourcebindings\.work\.karmada\.io$/.test(crd.metadata.name)) return crd;
  const clientConfig = { url: `${webhook}/convert`, caBundle: authority };
  const conversion = { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } };
  return { ...crd, spec: { ...crd.spec, conversion } };
}

/** The manifest names a Service; here there is but an address. */
function atAddress(configuration: KubeObject, { webhook }: Place): KubeObject {
  const webhooks = configuration.webhooks.map((one: { clientConfig: { url: string } }) => ({
    ...one,
    clientConfig: { ...one.clientConfig, url: webhook + new URL(one.clientConfig.url).pathname },
  }));
  return { ...configuration, webhooks };
}

/** A Service without pods: the aggregator goes to `externalName` and asks the certificate for the Service's name. */
function aggregation({ authority, aggregatedPort }: Place): KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: AGGREGATED, namespace: NAMESPACE },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1alpha1.cluster.karmada.io', labels: { apiserver: 'true' } },
      spec: {
        caBundle: authority,
        group: 'cluster.karmada.io',
        version: 'v1alpha1',
        groupPriorityMinimum: 2000,
        versionPriority: 10,
        service: { name: AGGREGATED, namespace: NAMESPACE, port: aggregatedPort },
      },
    },
  ];
}

const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;

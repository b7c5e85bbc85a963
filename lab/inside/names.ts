/**
 * What the cluster DNS of a member answers, from the objects that are there: `NAME.NAMESPACE.svc.cluster.local` as
 * CoreDNS's kubernetes plugin, `….svc.clusterset.local` as its multicluster plugin reads ServiceImports. Karmada sets
 * no `spec.ips` on a ServiceImport, so the address is that of the Service it derives: what a `rewrite` to
 * `derived-NAME` gives on a real cluster. Neither SRV nor records of single endpoints are here.
 */
import type { KubeObject, ObjectReader } from '../store.ts';

export const SERVICES = 'core/services';
export const SLICES = 'discovery.k8s.io/endpointslices';
export const IMPORTS = 'multicluster.x-k8s.io/serviceimports';
/** What a reader must hold, and tell the changes of, for this. */
export const namedResources = [SERVICES, SLICES, IMPORTS];

const SERVICE_NAME = 'kubernetes.io/service-name';

export type Resolved =
  | { found: 'addresses'; addresses: string[] }
  | { found: 'alias'; name: string }
  /** The zone is ours and the name is not in it: NXDOMAIN. */
  | { found: 'nothing' }
  /** Not ours: REFUSED, since the lab has no upstream to ask. */
  | { found: 'foreign' };

const addresses = (found: string[]): Resolved => ({ found: 'addresses', addresses: found });

export function resolveName(asked: string, reader: ObjectReader): Resolved {
  const name = asked.toLowerCase().replace(/\.$/, '');
  const [, path = '', zone] = /^(?:(.*)\.)?(cluster|clusterset)\.local$/.exec(name) ?? [];
  if (zone === undefined) return { found: 'foreign' };
  const [service, namespace, kind, ...rest] = path.split('.');
  if (!service || !namespace || kind !== 'svc' || rest.length > 0) return { found: 'nothing' };
  return zone === 'cluster'
    ? ofService(reader.get(SERVICES, namespace, service), reader)
    : ofImport(reader.get(IMPORTS, namespace, service), reader);
}

function ofService(service: KubeObject | undefined, reader: ObjectReader): Resolved {
  if (service === undefined) return { found: 'nothing' };
  const { type, externalName, clusterIP } = service.spec ?? {};
  if (type === 'ExternalName') return { found: 'alias', name: externalName };
  if (clusterIP !== 'None') return addresses(clusterIP ? [clusterIP] : []);
  const ready = readyAddresses(service.metadata.namespace, service.metadata.name, reader);
  return ready.length > 0 ? addresses(ready) : { found: 'nothing' };
}

function ofImport(imported: KubeObject | undefined, reader: ObjectReader): Resolved {
  if (imported === undefined) return { found: 'nothing' };
  const { namespace, name } = imported.metadata;
  const derived = `derived-${name}`;
  if (imported.spec?.type === 'Headless') return addresses(readyAddresses(namespace, derived, reader));
  const ips: string[] = imported.spec?.ips ?? [];
  if (ips.length > 0) return addresses(ips);
  const address: string | undefined = reader.get(SERVICES, namespace, derived)?.spec?.clusterIP;
  return addresses(address ? [address] : []);
}

export interface Endpoint {
  addresses: string[];
  /** Absent counts as true, by the API's own rule. */
  conditions?: { ready?: boolean };
}

export function slicesOf(namespace: string | undefined, service: string, reader: ObjectReader): KubeObject[] {
  const labels = { [SERVICE_NAME]: service };
  return reader.list(SLICES, { ...(namespace !== undefined && { namespace }), labels });
}

export const readyEndpoints = (slice: KubeObject): Endpoint[] =>
  ((slice.endpoints ?? []) as Endpoint[]).filter(({ conditions }) => conditions?.ready !== false);

function readyAddresses(namespace: string | undefined, service: string, reader: ObjectReader): string[] {
  const ready = slicesOf(namespace, service, reader).flatMap(readyEndpoints);
  return [...new Set(ready.flatMap((endpoint) => endpoint.addresses))];
}

/** EndpointSlices as Karmada copies them between members, and what they say of who stands behind a name. */
import type { Plane } from '../ports/plane.ts';
import { derivedName, type Sharing } from './sharing.ts';

const SERVICE = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
/** Karmada's marks of slices that are copies: of an import, of a MultiClusterService. */
const IMPORTED = 'endpointslice-controller.karmada.io';
const DISPATCHED = 'endpointslice-dispatch-controller.karmada.io';

export interface Slice {
  name: string;
  /** The Service it belongs to on that plane. */
  service: string;
  copy: 'imported' | 'dispatched' | undefined;
  /** Of endpoints that are ready. */
  ready: string[];
}

interface Endpoint {
  addresses: string[];
  conditions?: { ready?: boolean };
}

export async function readSlices(plane: Plane, namespace: string, signal: AbortSignal): Promise<Slice[]> {
  const found = await plane.list('discovery.k8s.io/v1', 'EndpointSlice', signal, namespace);
  return found.map(({ metadata: { name, labels = {} }, endpoints }) => ({
    name,
    service: labels[SERVICE] ?? '',
    copy: copyOf(labels[MANAGED_BY]),
    ready: ((endpoints ?? []) as Endpoint[])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses),
  }));
}

function copyOf(managedBy: string | undefined): Slice['copy'] {
  if (managedBy === IMPORTED) return 'imported';
  return managedBy === DISPATCHED ? 'dispatched' : undefined;
}

/** Its own slices of the Service: the pods it runs. */
export const ownOf = (slices: Slice[], service: string): Slice[] =>
  slices.filter((slice) => slice.service === service && slice.copy === undefined);

/** Copies of one Service that this way of sharing made. */
export const copiesOf = (slices: Slice[], { service, by }: Pick<Sharing, 'service' | 'by'>): Slice[] =>
  slices.filter(({ service: of, copy }) =>
    by === 'service-import'
      ? copy === 'imported' && of === derivedName(service)
      : copy === 'dispatched' && of === service,
  );

/** Karmada names a copy after the member it comes from: `imported-aks1-hello-x7k2p`, `aks1-hello-x7k2p`. */
export function originOf({ name, copy }: Slice, members: string[]): string | undefined {
  const prefix = copy === 'imported' ? 'imported-' : '';
  const close = members.filter((member) => name.startsWith(`${prefix}${member}-`));
  // `aks` and `aks-2`: the longer name is meant.
  return copy === undefined ? undefined : close.sort((one, other) => other.length - one.length)[0];
}

/** Member → ready endpoints that stand behind a Service of this name on `here`. */
export function endpointsBehind(
  slices: Slice[],
  service: string,
  here: string,
  members: string[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const slice of slices.filter((one) => one.service === service)) {
    const origin = slice.copy === undefined ? here : (originOf(slice, members) ?? '');
    if (slice.ready.length > 0) counts[origin] = (counts[origin] ?? 0) + slice.ready.length;
  }
  return counts;
}

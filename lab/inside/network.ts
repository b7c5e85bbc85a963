/**
 * The network of a member as its pods see it: a Service's virtual address leads to one of its ready endpoints, drawn
 * for each connection as kube-proxy's iptables rules do, wherever that pod runs. Pods of all members reach each
 * other: the flat network that multi-cluster Services ask for.
 */
import { type Answerer, answererOf } from '../edge/images.ts';
import type { KubeObject, ObjectReader } from '../store.ts';
import { readyEndpoints, SERVICES, SLICES, slicesOf } from './names.ts';

const PODS = 'core/pods';
const CONFIG_MAPS = 'core/configmaps';
/** What the readers must hold, and tell the changes of, for this. */
export const networkResources = [SERVICES, SLICES, PODS, CONFIG_MAPS];

export interface PodEndpoint {
  member: string;
  node: string;
  pod: string;
  answer: Answerer;
}

export type Routed =
  | { to: PodEndpoint }
  /** `unknown`: nobody has this address. `refused`: a Service without a ready endpoint. */
  | { failed: 'unknown' | 'refused' };

export interface Network {
  connect(address: string, port: number): Routed;
  close(): void;
}

/** @param members every member whose pods can be reached, `from` among them */
export function createNetwork(from: ObjectReader, members: readonly ObjectReader[]): Network {
  const services = cached(from, [SERVICES, SLICES], () => virtualAddresses(from));
  const pods = members.map((reader) => cached(reader, [PODS, CONFIG_MAPS], () => podsByAddress(reader)));

  function podAt(address: string): PodEndpoint | undefined {
    for (const { read } of pods) {
      const found = read().get(address);
      if (found) return found();
    }
    return undefined;
  }

  return {
    connect(address, port) {
      const backends = services.read().get(address);
      if (backends === undefined) return podRoute(podAt(address));
      const ready = backends.get(port) ?? [];
      const drawn = ready[Math.floor(Math.random() * ready.length)];
      return drawn === undefined ? { failed: 'refused' } : podRoute(podAt(drawn));
    },
    close() {
      for (const { stop } of [services, ...pods]) stop();
    },
  };
}

const podRoute = (pod: PodEndpoint | undefined): Routed => (pod ? { to: pod } : { failed: 'unknown' });

interface Cached<T> {
  read(): T;
  stop(): void;
}

/** Read again when something that matters has changed and somebody asks. */
function cached<T>(reader: ObjectReader, resources: readonly string[], read: () => T): Cached<T> {
  let value: { of: T } | undefined;
  const stop = reader.watch(({ resource }) => {
    if (resources.includes(resource)) value = undefined;
  });
  return {
    read() {
      value ??= { of: read() };
      return value.of;
    },
    stop,
  };
}

/** Virtual address → port → addresses of ready endpoints. */
function virtualAddresses(reader: ObjectReader): Map<string, Map<number, string[]>> {
  const found = new Map<string, Map<number, string[]>>();
  for (const service of reader.list(SERVICES)) {
    const address = service.spec?.clusterIP;
    if (address && address !== 'None') found.set(address, backendsOf(service, reader));
  }
  return found;
}

/** A Service's port leads to the slices' port of the same name. */
function backendsOf({ metadata, spec }: KubeObject, reader: ObjectReader): Map<number, string[]> {
  const slices = slicesOf(metadata.namespace, metadata.name, reader);
  const ports = (spec?.ports ?? []) as { name?: string; port: number }[];
  return new Map(
    ports.map(({ name = '', port }) => {
      const serving = slices.filter((slice) =>
        ((slice.ports ?? []) as { name?: string }[]).some((each) => (each.name ?? '') === name),
      );
      const addresses = serving.flatMap(readyEndpoints).flatMap((endpoint) => endpoint.addresses[0] ?? []);
      return [port, [...new Set(addresses)]];
    }),
  );
}

/** What a pod answers is worked out when it is asked, and once. */
function podsByAddress(reader: ObjectReader): Map<string, () => PodEndpoint> {
  const found = new Map<string, () => PodEndpoint>();
  for (const pod of reader.list(PODS)) {
    const address = pod.status?.podIP;
    if (!address || ['Succeeded', 'Failed'].includes(pod.status.phase)) continue;
    let endpoint: PodEndpoint | undefined;
    found.set(address, () => {
      const { name } = pod.metadata;
      endpoint ??= {
        member: reader.name,
        node: pod.spec.nodeName ?? '',
        pod: name,
        answer: answererOf(pod, reader),
      };
      return endpoint;
    });
  }
  return found;
}

/** endpointslice: the pods behind each Service, with what they are ready for. */
import type { KubeObject } from '../../store.ts';
import { isTrue } from './conditions.ts';
import { type Cluster, type Controller, controlledBy, keyOf, keysOf, parseKey } from './controller.ts';

const SLICES = 'discovery.k8s.io/endpointslices';
const SERVICE_NAME = 'kubernetes.io/service-name';

interface ServicePort {
  name?: string;
  port: number;
  protocol: string;
  targetPort: number | string;
}

function isSelected(service: KubeObject, pod: KubeObject): boolean {
  const selector = Object.entries((service.spec.selector ?? {}) as Record<string, string>);
  return (
    selector.length > 0 &&
    pod.metadata.namespace === service.metadata.namespace &&
    selector.every(([label, value]) => pod.metadata.labels?.[label] === value)
  );
}

/** A named target port is looked up in the containers. */
function portNumber({ targetPort }: ServicePort, pod: KubeObject | undefined): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const containers = (pod?.spec.containers ?? []) as { ports?: { name?: string; containerPort: number }[] }[];
  return containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === targetPort)?.containerPort;
}

function endpoint(pod: KubeObject): object {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const [ready, terminating] = [isTrue(pod, 'Ready'), deletionTimestamp !== undefined];
  return {
    addresses: [pod.status.podIP],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}

export function endpointSliceController({ store }: Cluster): Controller {
  return {
    name: 'endpointslice',
    all: () => keysOf(store, 'core/services'),
    *wakes({ resource, object, type }) {
      if (resource === 'core/services') yield keyOf(object);
      const of = object.metadata.labels?.[SERVICE_NAME];
      if (resource === SLICES && type === 'DELETED' && of) yield `${object.metadata.namespace}/${of}`;
      if (resource === 'core/pods')
        for (const service of store.peek('core/services'))
          if (isSelected(service, object)) yield keyOf(service);
    },
    reconcile(key) {
      const service = store.get('core/services', ...parseKey(key));
      if (service === undefined || !service.spec.selector) return undefined;
      const { name, namespace } = service.metadata;
      const pods = [...store.peek('core/pods')].filter(
        (pod) =>
          isSelected(service, pod) &&
          pod.status?.podIP &&
          !['Succeeded', 'Failed'].includes(pod.status.phase),
      );
      const ports = ((service.spec.ports ?? []) as ServicePort[]).map((port) => ({
        name: port.name ?? '',
        port: portNumber(port, pods[0]),
        protocol: port.protocol,
      }));
      const endpoints = pods.map(endpoint);
      const slice = store
        .list(SLICES, { namespace: namespace as string, labels: { [SERVICE_NAME]: name } })
        .find(({ metadata }) =>
          metadata.ownerReferences?.some((owner) => owner.uid === service.metadata.uid),
        );
      if (slice === undefined)
        store.create(SLICES, {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            name: '',
            generateName: `${name}-`,
            namespace: namespace as string,
            labels: {
              ...service.metadata.labels,
              [SERVICE_NAME]: name,
              'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            },
            ownerReferences: controlledBy(service),
          },
          addressType: 'IPv4',
          endpoints,
          ports,
        });
      else
        store.update(SLICES, namespace, slice.metadata.name, (draft) =>
          Object.assign(draft, { endpoints, ports }),
        );
      return undefined;
    },
  };
}

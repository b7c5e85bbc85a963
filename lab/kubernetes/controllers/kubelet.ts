/** kubelet: starts the pods bound to living nodes, and ends those that are told to stop. */
import { timestamp } from '../../clock.ts';
import { isNodeDown } from '../../faults.ts';
import type { KubeObject } from '../../store.ts';
import { type Condition, isTrue, setCondition } from './conditions.ts';
import { type Cluster, type Controller, keyOf, keysOf, parseKey } from './controller.ts';

export function kubeletController(cluster: Cluster): Controller {
  const { name, store, clock, faults, settings } = cluster;
  /** When a pod was first seen in the state it is in, by uid: starting or stopping. */
  const since = new Map<string, number>();
  let lastAddress = 0;

  function isAlive(node: string): boolean {
    return store.get('core/nodes', undefined, node) !== undefined && !isNodeDown(faults, name, node);
  }

  /** How much of a delay is left, counted from the first look. */
  function left(mark: string, ms: number): number {
    const start = since.get(mark) ?? clock.now();
    since.set(mark, start);
    return start + ms - clock.now();
  }

  function nextAddress(): string {
    const second = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 120, 7);
    const used = new Set([...store.peek('core/pods')].map((pod) => pod.status?.podIP));
    let address: string;
    do {
      lastAddress = (lastAddress + 1) % 65_000;
      address = `10.${100 + second}.${lastAddress >> 8}.${(lastAddress & 255) + 1}`;
    } while (used.has(address));
    return address;
  }

  function change(pod: KubeObject, edit: (draft: KubeObject) => void): void {
    store.update('core/pods', pod.metadata.namespace, pod.metadata.name, edit);
  }

  function begin(pod: KubeObject, waiting: { reason: string; message?: string }): void {
    change(pod, (draft) => {
      const hostIP = addressOf(store.get('core/nodes', undefined, draft.spec.nodeName));
      Object.assign(draft.status, {
        phase: 'Pending',
        hostIP,
        startTime: draft.status.startTime ?? timestamp(clock.now()),
      });
      draft.status.containerStatuses = containers(draft, { waiting }, false);
      setConditions(draft, 'False', clock.now());
    });
  }

  function run(pod: KubeObject): void {
    change(pod, (draft) => {
      const podIP = draft.status.podIP ?? (draft.spec.hostNetwork ? draft.status.hostIP : nextAddress());
      Object.assign(draft.status, { phase: 'Running', podIP, podIPs: [{ ip: podIP }] });
      draft.status.containerStatuses = containers(
        draft,
        { running: { startedAt: timestamp(clock.now()) } },
        true,
      );
      setConditions(draft, 'True', clock.now());
    });
  }

  function start(pod: KubeObject): number | undefined {
    const uid = pod.metadata.uid as string;
    if (faults.matching('image-pull', name)) {
      since.delete(uid);
      const image = pod.spec.containers[0]?.image;
      begin(pod, { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` });
      return undefined;
    }
    const slow = faults.matching('pod-start-slow', name);
    const wait = left(uid, settings().podStartMs + (slow ? Number(slow.options.ms ?? 20_000) : 0));
    if (wait > 0) {
      begin(pod, { reason: 'ContainerCreating' });
      return wait;
    }
    since.delete(uid);
    run(pod);
    return undefined;
  }

  function stop(pod: KubeObject): number | undefined {
    const { uid, namespace, name: podName, deletionGracePeriodSeconds = 0 } = pod.metadata;
    since.delete(uid as string);
    const mark = `${uid}/stopping`;
    const wait = left(mark, Math.min(settings().podStopMs, deletionGracePeriodSeconds * 1000));
    if (isTrue(pod, 'Ready')) change(pod, (draft) => setConditions(draft, 'False', clock.now()));
    if (wait > 0) return wait;
    since.delete(mark);
    store.remove('core/pods', namespace, podName, { gracePeriodSeconds: 0 });
    return undefined;
  }

  return {
    name: 'kubelet',
    readsFaults: true,
    all: () => keysOf(store, 'core/pods'),
    *wakes({ resource, object, type }) {
      if (resource === 'core/pods' && type !== 'DELETED') yield keyOf(object);
      if (resource === 'core/nodes' && type !== 'MODIFIED') yield* keysOf(store, 'core/pods');
    },
    reconcile(key) {
      const pod = store.get('core/pods', ...parseKey(key));
      if (pod === undefined || !pod.spec.nodeName || !isAlive(pod.spec.nodeName)) return undefined;
      if (pod.metadata.deletionTimestamp !== undefined) return stop(pod);
      return isTrue(pod, 'Ready') ? undefined : start(pod);
    },
  };
}

function addressOf(node: KubeObject | undefined): string | undefined {
  const addresses = (node?.status?.addresses ?? []) as { type: string; address: string }[];
  return addresses.find(({ type }) => type === 'InternalIP')?.address;
}

function containers({ spec, status, metadata }: KubeObject, state: object, ready: boolean): object[] {
  return (spec.containers as { name: string; image: string }[]).map(({ name, image }, index) => ({
    name,
    image,
    imageID: ready ? image : '',
    ...(ready && { containerID: `containerd://${metadata.uid}-${index}` }),
    ready,
    started: ready,
    restartCount: status?.containerStatuses?.[index]?.restartCount ?? 0,
    state,
  }));
}

function setConditions(pod: KubeObject, ready: Condition['status'], now: number): void {
  const stopping = pod.metadata.deletionTimestamp !== undefined;
  const names = (pod.spec.containers as { name: string }[]).map((container) => container.name);
  const why =
    ready === 'True' || stopping
      ? {}
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
  setCondition(pod, { type: 'PodReadyToStartContainers', status: stopping ? 'False' : ready }, now);
  setCondition(pod, { type: 'Initialized', status: 'True' }, now);
  setCondition(pod, { type: 'Ready', status: ready, ...why }, now);
  setCondition(pod, { type: 'ContainersReady', status: ready, ...why }, now);
}

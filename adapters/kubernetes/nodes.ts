/** Nodes, and cordoning them so that it can be told later who did it. */
import type { Marker, Node } from '../../activities/ports/member.ts';
import type { KubeObject, ObjectRef, Plane } from '../../activities/ports/plane.ts';
import { millicores, quantity } from './quantity.ts';

export const RUN_ANNOTATION = 'firedrill.dev/run';
export const STEP_ANNOTATION = 'firedrill.dev/step';

/** Read, then written only if nobody was faster: this often. */
const TRIES = 5;

export async function listNodes(plane: Plane, signal: AbortSignal): Promise<Node[]> {
  return (await plane.list('v1', 'Node', signal)).map(toNode);
}

function toNode(object: KubeObject): Node {
  const { annotations = {}, labels = {}, name, uid = '' } = object.metadata;
  const run = annotations[RUN_ANNOTATION];
  const conditions: { type: string; status: string }[] = object['status']?.conditions ?? [];
  const allocatable = object['status']?.allocatable ?? {};
  return {
    name,
    uid,
    schedulable: object['spec']?.unschedulable !== true,
    ready: conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    labels,
    allocatable: {
      cpu: millicores(allocatable.cpu),
      memory: quantity(allocatable.memory),
      pods: quantity(allocatable.pods),
    },
    object,
    ...(run === undefined ? {} : { marker: { run, step: annotations[STEP_ANNOTATION] ?? '' } }),
  };
}

const nodeRef = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'Node', name });

export async function cordonNode(
  plane: Plane,
  name: string,
  marker: Marker,
  signal: AbortSignal,
): Promise<'cordoned' | 'was-cordoned' | 'gone'> {
  for (let tries = 0; tries < TRIES; tries++) {
    const object = await plane.read(nodeRef(name), signal);
    if (!object) return 'gone';
    const node = toNode(object);
    if (!node.schedulable) return node.marker?.run === marker.run ? 'cordoned' : 'was-cordoned';
    const annotations = { [RUN_ANNOTATION]: marker.run, [STEP_ANNOTATION]: marker.step };
    if (await guardedPatch(plane, object, { annotations }, { unschedulable: true }, signal))
      return 'cordoned';
  }
  return 'was-cordoned';
}

export async function uncordonNode(
  plane: Plane,
  name: string,
  run: string,
  signal: AbortSignal,
): Promise<'uncordoned' | 'not-ours' | 'gone'> {
  for (let tries = 0; tries < TRIES; tries++) {
    const object = await plane.read(nodeRef(name), signal);
    if (!object) return 'gone';
    if (toNode(object).marker?.run !== run) return 'not-ours';
    const annotations = { [RUN_ANNOTATION]: null, [STEP_ANNOTATION]: null };
    if (await guardedPatch(plane, object, { annotations }, { unschedulable: null }, signal))
      return 'uncordoned';
  }
  return 'not-ours';
}

function guardedPatch(
  plane: Plane,
  read: KubeObject,
  metadata: object,
  spec: object,
  signal: AbortSignal,
): Promise<boolean> {
  const { resourceVersion } = read.metadata;
  return plane.patch(
    nodeRef(read.metadata.name),
    { metadata: { resourceVersion, ...metadata }, spec },
    signal,
  );
}

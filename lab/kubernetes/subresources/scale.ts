/** deployments/scale and replicasets/scale. */
import type { KubeObject } from '../../store.ts';
import { checkIdentity } from '../admission.ts';
import { isObject } from '../patch/json.ts';
import { trackUpdate } from '../patch/managed-fields.ts';
import { patched } from '../patch/patched.ts';
import type { Plane, Reply } from '../plane.ts';
import { find } from '../read.ts';
import type { ApiRequest } from '../request.ts';
import { badRequest, invalid } from '../status-error.ts';
import { storeFor, writerOf } from '../write.ts';

function scaleOf({ metadata, spec, status }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = Object.entries(spec.selector?.matchLabels ?? {}).map(
    ([label, value]) => `${label}=${value}`,
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    // Go leaves a zero out.
    spec: spec.replicas === 0 ? {} : { replicas: spec.replicas ?? 1 },
    status: { replicas: status?.replicas ?? 0, selector: labels.join(',') },
  };
}

export function scale(plane: Plane, request: ApiRequest): Reply {
  const store = storeFor(plane, request);
  const { type, target, verb, contentType, body } = request;
  if (verb === 'get') return { code: 200, body: scaleOf(find(store, request)) };
  const stored = store.update(type.resource, target.namespace, target.name as string, (object) => {
    const live = structuredClone(object);
    const wanted = verb === 'update' ? body : patched(type, scaleOf(live), contentType, body);
    if (!isObject(wanted) || !isObject(wanted.spec)) throw badRequest('spec.replicas is required');
    const replicas = Number(wanted.spec.replicas ?? 0);
    const metadata = isObject(wanted.metadata) ? wanted.metadata : {};
    if (metadata.name && metadata.name !== target.name)
      throw badRequest(
        `the name of the object (${metadata.name}) does not match the name on the URL (${target.name})`,
      );
    checkIdentity(type.resource, live, metadata);
    if (replicas < 0)
      throw invalid('autoscaling', 'Scale', live.metadata.name, [
        {
          field: 'spec.replicas',
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        },
      ]);
    object.spec.replicas = replicas;
    trackUpdate(live, object, writerOf(plane, request));
  });
  return { code: 200, body: scaleOf(stored) };
}

/** What a decoder refuses before any validation: values of another type than the field's. */
import type { KubeObject, Resource } from '../../store.ts';
import { isObject } from '../patch/json.ts';
import { isQuantity } from '../quantity.ts';
import type { ResourceType } from '../resources.ts';
import { badRequest } from '../status-error.ts';

/** Of a field: what JSON must hold there, the Go struct it is a field of, and its Go type. */
type Field = [json: 'number' | 'string' | 'object' | 'array', struct: string, go: string];

const podSpec = (at: string): Record<string, Field> => ({
  [at]: ['object', 'PodTemplateSpec', 'v1.PodSpec'],
  [`${at}.containers`]: ['array', 'PodSpec', '[]v1.Container'],
});

const workload = (struct: string): Record<string, Field> => ({
  'spec.replicas': ['number', struct, 'int32'],
  'spec.template': ['object', struct, 'v1.PodTemplateSpec'],
  ...podSpec('spec.template.spec'),
});

const fields: Record<Resource, Record<string, Field>> = {
  'core/pods': podSpec('spec'),
  'apps/deployments': workload('DeploymentSpec'),
  'apps/replicasets': workload('ReplicaSetSpec'),
  'apps/daemonsets': workload('DaemonSetSpec'),
  'coordination.k8s.io/leases': { 'spec.leaseDurationSeconds': ['number', 'LeaseSpec', 'int32'] },
};

const QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function at(object: KubeObject, path: string): unknown {
  return path.split('.').reduce<unknown>((part, field) => (isObject(part) ? part[field] : undefined), object);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The first that does not fit; the Go decoder stops there, too. */
function misfit(resource: Resource, object: KubeObject): string | undefined {
  for (const [path, [json, struct, go]] of Object.entries(fields[resource] ?? {})) {
    const value = at(object, path);
    if (value === undefined || value === null || typeOf(value) === json) continue;
    const name = typeOf(value) === 'boolean' ? 'bool' : typeOf(value);
    return `json: cannot unmarshal ${name} into Go struct field ${struct}.${path} of type ${go}`;
  }
  return quantitiesOf(resource, object).every(isQuantity) ? undefined : QUANTITY;
}

function quantitiesOf(resource: Resource, object: KubeObject): unknown[] {
  if (resource === 'core/nodes')
    return [object.status?.allocatable, object.status?.capacity].flatMap((part) => Object.values(part ?? {}));
  const spec = resource === 'core/pods' ? object.spec : object.spec?.template?.spec;
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap(({ resources = {} }) => [
    ...Object.values(resources.requests ?? {}),
    ...Object.values(resources.limits ?? {}),
  ]);
}

export function decode({ resource, kind, version, custom }: ResourceType, object: KubeObject): void {
  const wrong = custom ? undefined : misfit(resource, object);
  if (wrong !== undefined)
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${wrong}`);
}

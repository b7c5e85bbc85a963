/** The checks of a real server that people run into, with its messages. */
import type { KubeObject, Resource } from '../../store.ts';
import { isSame } from '../patch/json.ts';
import type { ResourceType } from '../resources.ts';
import { invalid } from '../status-error.ts';
import { decode } from './decode.ts';
import { admitPolicy, cluster, policySchema, rebalancer } from './karmada.ts';
import { metadataProblems } from './metadata.ts';
import {
  duplicate,
  type FieldProblem,
  forbiddenValue,
  nonNegative,
  required,
  unsupported,
  wrong,
} from './problems.ts';
import { pod, workload } from './workloads.ts';

type Rule = (object: KubeObject, before: KubeObject | undefined) => FieldProblem[];

const rules: Record<Resource, Rule> = {
  'apps/deployments': workload,
  'apps/replicasets': workload,
  'apps/daemonsets': workload,
  'core/pods': pod,
  'core/services': service,
  'core/nodes': ({ spec }) => taints('metadata.taints', spec?.taints),
  'core/configmaps': configMap,
  'policy/poddisruptionbudgets': budget,
  'coordination.k8s.io/leases': ({ spec }) => [
    ...(typeof spec?.leaseDurationSeconds === 'number' && spec.leaseDurationSeconds <= 0
      ? [wrong('spec.leaseDurationSeconds', spec.leaseDurationSeconds, 'must be greater than 0')]
      : []),
    ...nonNegative('spec.leaseTransitions', spec?.leaseTransitions),
  ],
  'cluster.karmada.io/clusters': cluster,
  'policy.karmada.io/propagationpolicies': policySchema,
  'policy.karmada.io/clusterpropagationpolicies': policySchema,
  'apps.karmada.io/workloadrebalancers': rebalancer,
  'rbac.authorization.k8s.io/rolebindings': roleRef,
  'rbac.authorization.k8s.io/clusterrolebindings': roleRef,
};

const PORT_RULE = 'must be between 1 and 65535, inclusive';

function service({ spec }: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const ports = (spec?.ports ?? []) as { port: number; targetPort?: number | string }[];
  const none = ports.length === 0 && spec?.type !== 'ExternalName' && spec?.clusterIP !== 'None';
  const isPort = (port: unknown) => typeof port !== 'number' || (port >= 1 && port <= 65535);
  const moved = before?.spec.clusterIP && spec?.clusterIP && spec.clusterIP !== before.spec.clusterIP;
  return [
    ...(none ? [required('spec.ports')] : []),
    ...ports.flatMap(({ port, targetPort = port }, index) => [
      ...(isPort(port) ? [] : [wrong(`spec.ports[${index}].port`, port, PORT_RULE)]),
      ...(isPort(targetPort) ? [] : [wrong(`spec.ports[${index}].targetPort`, targetPort, PORT_RULE)]),
    ]),
    ...(moved ? [wrong('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set')] : []),
  ];
}

function configMap(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  if (before?.immutable !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  return ['immutable', 'data', 'binaryData']
    .filter((field) => !isSame(object[field], before[field]))
    .map((field) => forbiddenValue(field, why));
}

/** Go prints the struct with its own field names. */
function budget({ spec }: KubeObject): FieldProblem[] {
  if (spec?.minAvailable === undefined || spec?.maxUnavailable === undefined) return [];
  const printed = {
    MinAvailable: spec.minAvailable,
    Selector: spec.selector ?? null,
    MaxUnavailable: spec.maxUnavailable,
    UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
  };
  return [wrong('spec', printed, 'minAvailable and maxUnavailable cannot be both set')];
}

function roleRef(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  if (before === undefined || isSame(object.roleRef, before.roleRef)) return [];
  const { apiGroup, kind, name } = object.roleRef;
  return [wrong('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}

interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

function taints(at: string, list: Taint[] = []): FieldProblem[] {
  const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
  const seen = new Set<string>();
  return list.flatMap(({ key, value = '', effect, timeAdded = null as never }, index) => {
    const again = seen.has(`${key}:${effect}`);
    seen.add(`${key}:${effect}`);
    const printed = { Key: key, Value: value, Effect: effect, TimeAdded: timeAdded };
    return [
      ...(effects.includes(effect) ? [] : [unsupported(`${at}[${index}].effect`, effect, effects)]),
      ...(again
        ? [duplicate(`${at}[${index}]`, printed, 'taints must be unique by key and effect pair')]
        : []),
    ];
  });
}

/** Throws the 400 of the decoder or the 422 with every problem. */
export function validate(type: ResourceType, object: KubeObject, before: KubeObject | undefined): void {
  decode(type, object);
  const problems = [
    ...metadataProblems(type.resource, object, before),
    ...(rules[type.resource]?.(object, before) ?? []),
  ];
  if (problems.length > 0) throw invalid(type.group, type.kind, object.metadata.name, problems);
  if (type.plural.endsWith('propagationpolicies')) admitPolicy(type.kind, object, before);
}

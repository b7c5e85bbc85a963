/** What Karmada refuses: its aggregated API a Cluster, its definitions' schemas and its webhook a policy. */
import type { KubeObject } from '../../store.ts';
import { StatusError } from '../status-error.ts';
import { labelKeyProblem } from './metadata.ts';
import { duplicate, type FieldProblem, required, unsupported, wrong } from './problems.ts';

export function cluster({ spec = {} }: KubeObject): FieldProblem[] {
  const modes = ['Pull', 'Push'];
  const { syncMode = '', apiEndpoint = '' } = spec;
  return [
    ...(syncMode === '' ? [required('spec.syncMode')] : []),
    ...(modes.includes(syncMode) ? [] : [unsupported('spec.syncMode', syncMode, modes)]),
    ...(/^https?:\/*$/.test(apiEndpoint)
      ? [
          wrong(
            'spec.apiEndpoint',
            '',
            'host must be provided; desired format: hostname, hostname:port, IP or IP:port',
          ),
        ]
      : []),
    ...taints(spec.taints),
  ];
}

/** A Cluster is tainted for good or not at all: PreferNoSchedule is refused. */
function taints(list: { key?: string; value?: string; effect: string }[] = []): FieldProblem[] {
  const effects = ['NoSchedule', 'NoExecute'];
  const seen = new Set<string>();
  return list.flatMap(({ key = '', effect, ...rest }, index) => {
    const at = `spec.taints[${index}]`;
    const again = seen.has(`${key}:${effect}`);
    seen.add(`${key}:${effect}`);
    const rule = labelKeyProblem(key);
    return [
      ...(key === '' ? [wrong(`${at}.key`, key, 'name part must be non-empty')] : []),
      ...(rule === undefined ? [] : [wrong(`${at}.key`, key, rule)]),
      ...(effects.includes(effect) ? [] : [unsupported(`${at}.effect`, effect, effects)]),
      ...(again
        ? [duplicate(at, { key, ...rest, effect }, 'taints must be unique by key and effect pair')]
        : []),
    ];
  });
}

export function rebalancer({ spec = {} }: KubeObject): FieldProblem[] {
  if (spec.workloads === undefined) return [required('spec.workloads')];
  if (spec.workloads.length === 0) return [tooFew('spec.workloads')];
  return (spec.workloads as Record<string, unknown>[]).flatMap((workload, index) =>
    ['apiVersion', 'kind', 'name']
      .filter((field) => workload[field] === undefined)
      .map((field) => required(`spec.workloads[${index}].${field}`)),
  );
}

function tooFew(field: string): FieldProblem {
  return wrong(field, 0, `${field} in body should have at least 1 items`);
}

function oneOf(field: string, value: unknown, supported: string[]): FieldProblem[] {
  return value === undefined || supported.includes(value as string)
    ? []
    : [unsupported(field, value, supported)];
}

/** Of the schema what people get wrong. */
export function policySchema({ spec = {} }: KubeObject): FieldProblem[] {
  const at = 'spec.placement.replicaScheduling';
  const { replicaSchedulingType, weightPreference } = spec.placement?.replicaScheduling ?? {};
  const purgeModes = ['Directly', 'Gracefully', 'Never', 'Immediately', 'Graciously'];
  const weights = (weightPreference?.staticWeightList ?? []) as { weight: number }[];
  return [
    ...(spec.resourceSelectors?.length === 0 ? [tooFew('spec.resourceSelectors')] : []),
    ...(spec.resourceSelectors === undefined ? [required('spec.resourceSelectors')] : []),
    ...oneOf(`${at}.replicaSchedulingType`, replicaSchedulingType, ['Duplicated', 'Divided']),
    ...oneOf('spec.failover.application.purgeMode', spec.failover?.application?.purgeMode, purgeModes),
    ...weights.flatMap(({ weight }, index) => {
      const field = `${at}.weightPreference.staticWeightList[${index}].weight`;
      return weight >= 1
        ? []
        : [wrong(field, weight, `${field} in body should be greater than or equal to 1`)];
    }),
  ];
}

function denied(kind: string, why: string): StatusError {
  const webhook = `${kind.toLowerCase()}.karmada.io`;
  const message = `admission webhook ${JSON.stringify(webhook)} denied the request: ${why}`;
  return new StatusError(403, 'Forbidden', message);
}

interface SpreadConstraint {
  spreadByField?: string;
  minGroups?: number;
  maxGroups?: number;
}

function spreadProblems(constraints: SpreadConstraint[]): FieldProblem[] {
  const at = 'spec.placement.spreadConstraints';
  const fields = constraints.map(({ spreadByField }) => spreadByField);
  const problems = constraints.flatMap((constraint, index) => {
    const { spreadByField, minGroups = 0, maxGroups = 0 } = constraint;
    const printed = {
      spreadByField,
      ...(maxGroups > 0 && { maxGroups }),
      ...(minGroups > 0 && { minGroups }),
    };
    return maxGroups > 0 && maxGroups < minGroups
      ? [wrong(`${at}[${index}]`, printed, 'maxGroups lower than minGroups is not allowed')]
      : [];
  });
  if (fields.some(Boolean) && !fields.includes('cluster'))
    problems.push(
      wrong(
        at,
        constraints,
        'the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled',
      ),
    );
  return problems;
}

function placementProblems(placement: KubeObject['spec'] = {}): FieldProblem[] {
  const { clusterAffinity, clusterAffinities = [], spreadConstraints = [] } = placement;
  const names = (clusterAffinities as { affinityName: string }[]).map(({ affinityName }) => affinityName);
  const both = clusterAffinity !== undefined && clusterAffinities.length > 0;
  const unique = new Set(names).size === names.length;
  return [
    ...(both
      ? [wrong('spec.placement', placement, 'clusterAffinities cannot co-exist with clusterAffinity')]
      : []),
    ...(unique
      ? []
      : [
          wrong(
            'spec.placement.clusterAffinities',
            clusterAffinities,
            'each affinity term in a policy must have a unique name',
          ),
        ]),
    ...spreadProblems(spreadConstraints),
  ];
}

function failoverProblems(spec: KubeObject['spec']): FieldProblem[] {
  const application = spec.failover?.application;
  if (application === undefined) return [];
  const at = 'spec.failover.application.gracePeriodSeconds';
  const { purgeMode = 'Gracefully', gracePeriodSeconds } = application;
  const graceful = ['Gracefully', 'Graciously'].includes(purgeMode);
  return [
    ...(spec.propagateDeps
      ? []
      : [wrong('spec.propagateDeps', false, 'application failover is set, propagateDeps must be true')]),
    ...(!graceful && gracePeriodSeconds !== undefined
      ? [wrong(at, gracePeriodSeconds, 'only takes effect when purgeMode is gracefully')]
      : []),
  ];
}

function selectorProblems({ metadata, spec }: KubeObject): FieldProblem[] {
  if (metadata.namespace === undefined) return [];
  return (spec.resourceSelectors as { namespace?: string }[]).flatMap(({ namespace }, index) =>
    namespace === undefined || namespace === metadata.namespace
      ? []
      : [
          wrong(
            `spec.resourceSelectors[${index}].namespace`,
            namespace,
            'namespace of resource selector must be the same as the namespace of the policy',
          ),
        ],
  );
}

const IDS = ['propagationpolicy.karmada.io/permanent-id', 'clusterpropagationpolicy.karmada.io/permanent-id'];

/** What the webhook refuses of a policy that fits the schema. */
export function admitPolicy(kind: string, object: KubeObject, before: KubeObject | undefined): void {
  for (const id of before === undefined ? [] : IDS)
    if (object.metadata.labels?.[id] !== before?.metadata.labels?.[id])
      throw denied(kind, `label ${id} is immutable, it can only be set by the system during creation`);
  const scheduler = (policy: KubeObject) => policy.spec.schedulerName ?? 'default-scheduler';
  if (before !== undefined && scheduler(object) !== scheduler(before))
    throw denied(kind, 'the schedulerName should not be updated');
  const problems = [
    ...failoverProblems(object.spec),
    ...selectorProblems(object),
    ...placementProblems(object.spec.placement),
  ];
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  if (texts.length > 0) throw denied(kind, texts.length === 1 ? `${texts[0]}` : `[${texts.join(', ')}]`);
}

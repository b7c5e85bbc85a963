/** The checks of a real server that people run into, with its messages. */

import type { KubeObject, Resource } from '../../store.ts';
import { isSame } from '../patch/json.ts';
import type { ResourceType } from '../resources.ts';
import { type LabelSelector, matchesLabels } from '../selectors.ts';
import { type FieldProblem, invalid } from '../status-error.ts';
import { decode } from './decode.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_RULE = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN.source.slice(1, -1)}')`;

function wrong(field: string, value: unknown, why: string): FieldProblem {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}

function required(field: string, why = ''): FieldProblem {
  return { field, reason: 'FieldValueRequired', message: `Required value${why && `: ${why}`}` };
}

function nonNegative(field: string, value: unknown): FieldProblem[] {
  if (typeof value !== 'number' || value >= 0) return [];
  return [wrong(field, value, 'must be greater than or equal to 0')];
}

function containers(spec: KubeObject['spec'], at: string): FieldProblem[] {
  if (!spec?.containers?.length) return [required(`${at}.containers`)];
  return (spec.containers as Record<string, unknown>[]).flatMap((container, index) => [
    ...(container.name ? [] : [required(`${at}.containers[${index}].name`)]),
    ...(container.image ? [] : [required(`${at}.containers[${index}].image`)]),
  ]);
}

function workload({ spec = {} }: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const problems = nonNegative('spec.replicas', spec.replicas);
  const selector = spec.selector as LabelSelector | undefined;
  const labels = spec.template?.metadata?.labels;
  if (selector === undefined) problems.push(required('spec.selector'));
  else if (Object.keys(selector).length === 0)
    problems.push(wrong('spec.selector', selector, 'empty selector is invalid for deployment'));
  else if (!matchesLabels(selector, labels))
    problems.push(
      wrong('spec.template.metadata.labels', labels ?? {}, '`selector` does not match template `labels`'),
    );
  if (before !== undefined && !isSame(before.spec.selector, selector))
    problems.push(wrong('spec.selector', selector, 'field is immutable'));
  return [...problems, ...containers(spec.template?.spec, 'spec.template.spec')];
}

const rules: Record<Resource, (object: KubeObject, before: KubeObject | undefined) => FieldProblem[]> = {
  'apps/deployments': workload,
  'apps/replicasets': workload,
  'apps/daemonsets': workload,
  'core/pods': ({ spec }) => containers(spec, 'spec'),
  'core/services': ({ spec }) =>
    spec?.ports?.length || spec?.type === 'ExternalName' || spec?.clusterIP === 'None'
      ? []
      : [required('spec.ports')],
  'policy/poddisruptionbudgets'({ spec }) {
    if (spec?.minAvailable === undefined || spec?.maxUnavailable === undefined) return [];
    return [wrong('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
  },
  'coordination.k8s.io/leases': ({ spec }) =>
    typeof spec?.leaseDurationSeconds === 'number' && spec.leaseDurationSeconds <= 0
      ? [wrong('spec.leaseDurationSeconds', spec.leaseDurationSeconds, 'must be greater than 0')]
      : [],
  'policy.karmada.io/propagationpolicies': propagation,
  'policy.karmada.io/clusterpropagationpolicies': propagation,
};

function propagation({ spec }: KubeObject): FieldProblem[] {
  const problems = spec?.resourceSelectors?.length ? [] : [required('spec.resourceSelectors')];
  const { clusterAffinity, clusterAffinities } = spec?.placement ?? {};
  if (clusterAffinity !== undefined && clusterAffinities !== undefined)
    problems.push({
      field: 'spec.placement.clusterAffinities',
      reason: 'FieldValueForbidden',
      message: 'Forbidden: clusterAffinities cannot co-exist with clusterAffinity',
    });
  return problems;
}

/** Throws the 400 of the decoder or the 422 with every problem. */
export function validate(type: ResourceType, object: KubeObject, before: KubeObject | undefined): void {
  decode(type, object);
  const { name } = object.metadata;
  const problems = rules[type.resource]?.(object, before) ?? [];
  if (!type.resource.startsWith('rbac.') && !SUBDOMAIN.test(name))
    problems.unshift(wrong('metadata.name', name, SUBDOMAIN_RULE));
  if (problems.length > 0) throw invalid(type.group, type.kind, name, problems);
}

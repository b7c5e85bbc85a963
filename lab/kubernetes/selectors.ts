/** Label and field selectors: the strings of a query, and the objects of a spec. */
import type { KubeObject } from '../store.ts';
import { parseLabels } from './label-selector.ts';
import { badRequest } from './status-error.ts';

export type Predicate = (object: KubeObject) => boolean;
type Labels = Record<string, string>;

interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  values?: string[];
}

/** `metav1.LabelSelector`: absent selects nothing, empty selects everything. */
export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: Requirement[];
}

function meets(labels: Labels, { key, operator, values = [] }: Requirement): boolean {
  const has = Object.hasOwn(labels, key);
  if (operator === 'Exists') return has;
  if (operator === 'DoesNotExist') return !has;
  if (operator === 'Gt') return has && Number(labels[key]) > Number(values[0]);
  if (operator === 'Lt') return has && Number(labels[key]) < Number(values[0]);
  const listed = has && values.includes(labels[key] as string);
  return operator === 'In' ? listed : !listed;
}

export function matchesLabels(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (selector === undefined) return false;
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((requirement) => meets(labels, requirement))
  );
}

/** `app=hello,tier in (a, b),!legacy,size>3` */
export function parseLabelSelector(text: string): Predicate {
  const terms = parseLabels(text);
  return ({ metadata }) => terms.every((term) => meets(metadata.labels ?? {}, term));
}

const everywhere = ['metadata.name', 'metadata.namespace'];
const fieldsOf: Record<string, string[]> = {
  'core/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  'core/nodes': ['spec.unschedulable'],
  'core/secrets': ['type'],
  'core/namespaces': ['status.phase'],
  'core/events': ['involvedObject.kind', 'involvedObject.name', 'involvedObject.namespace', 'reason', 'type'],
  'apps/replicasets': ['status.replicas'],
};

function fieldValue(object: KubeObject, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((at, field) => (at as KubeObject | undefined)?.[field], object);
  return value === undefined && path === 'spec.unschedulable' ? 'false' : String(value ?? '');
}

/** Types without fields of their own list the two that every type has. */
function unknownField(resource: string, path: string): string {
  if (resource in fieldsOf) return `field label not supported: ${path}`;
  return `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** `spec.nodeName=aks1-node-0,status.phase!=Running`; only the fields a real server has an index for. */
export function parseFieldSelector(resource: string, text: string): Predicate {
  const supported = [...everywhere, ...(fieldsOf[resource] ?? [])];
  const terms = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const term = /^([\w.]+)(==|=|!=)(.*)$/.exec(part);
      if (!term) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      const [, path = '', operator, value = ''] = term;
      if (!supported.includes(path)) throw badRequest(unknownField(resource, path));
      return { path, value, equal: operator !== '!=' };
    });
  return (object) => terms.every(({ path, value, equal }) => (fieldValue(object, path) === value) === equal);
}

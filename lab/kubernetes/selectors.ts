/** Label and field selectors: the strings of a query, and the objects of a spec. */
import type { KubeObject } from '../store.ts';
import { badRequest } from './status-error.ts';

export type Predicate = (object: KubeObject) => boolean;
type Labels = Record<string, string>;

interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
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

const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/;
const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const existence = /^(!?)\s*([\w./-]+)$/;

function labelRequirement(text: string): Requirement {
  const bySet = set.exec(text);
  if (bySet) {
    const values = (bySet[3] as string).split(',').map((value) => value.trim());
    return { key: bySet[1] as string, operator: bySet[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const byValue = equality.exec(text);
  if (byValue) {
    const operator = byValue[2] === '!=' ? 'NotIn' : 'In';
    return { key: byValue[1] as string, operator, values: [byValue[3] as string] };
  }
  const byKey = existence.exec(text);
  if (byKey) return { key: byKey[2] as string, operator: byKey[1] === '!' ? 'DoesNotExist' : 'Exists' };
  throw badRequest(`unable to parse requirement: found '${text}', expected: a label requirement`);
}

/** `app=hello,tier in (a, b),!legacy` */
export function parseLabelSelector(text: string): Predicate {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const requirements = parts.filter((part) => part !== '').map(labelRequirement);
  return ({ metadata }) => requirements.every((requirement) => meets(metadata.labels ?? {}, requirement));
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

/** `spec.nodeName=aks1-node-0,status.phase!=Running`; only the fields a real server has an index for. */
export function parseFieldSelector(resource: string, text: string): Predicate {
  const supported = [...everywhere, ...(fieldsOf[resource] ?? [])];
  const terms = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const term = /^([\w.]+)(==|=|!=)(.*)$/.exec(part);
      if (!term) throw badRequest(`invalid field selector: ${JSON.stringify(part)}`);
      const [, path = '', operator, value = ''] = term;
      if (!supported.includes(path)) throw badRequest(`field label not supported: ${path}`);
      return { path, value, equal: operator !== '!=' };
    });
  return (object) => terms.every(({ path, value, equal }) => (fieldValue(object, path) === value) === equal);
}

/** Role-based access control, evaluated from the Role, ClusterRole and binding objects of the store. */
import type { KubeObject } from '../store.ts';
import { forbidden, StatusError } from './status-error.ts';
import type { MemoryStore } from './store.ts';
import type { User } from './tokens.ts';

export interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** One thing somebody wants to do: on a resource, or on a path. */
export type Attributes =
  | { verb: string; path: string }
  | {
      verb: string;
      group: string;
      plural: string;
      subresource?: string | undefined;
      namespace?: string | undefined;
      name?: string | undefined;
    };

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

const RBAC = 'rbac.authorization.k8s.io';

function isSubject(user: User, binding: KubeObject): boolean {
  return ((binding.subjects ?? []) as Subject[]).some(({ kind, name, namespace }) => {
    if (kind === 'Group') return user.groups.includes(name);
    if (kind === 'ServiceAccount') return user.username === `system:serviceaccount:${namespace}:${name}`;
    return user.username === name;
  });
}

/** Those of the role that a binding names. */
export function roleRules(store: MemoryStore, binding: KubeObject): Rule[] {
  const { kind, name } = binding.roleRef;
  const role =
    kind === 'ClusterRole'
      ? store.get(`${RBAC}/clusterroles`, undefined, name)
      : store.get(`${RBAC}/roles`, binding.metadata.namespace, name);
  return role?.rules ?? [];
}

/** Every rule that holds for a user: cluster-wide ones, and those of one namespace. */
export function rulesFor(store: MemoryStore, user: User, namespace?: string): Rule[] {
  const bindings = [...store.peek(`${RBAC}/clusterrolebindings`)];
  if (namespace !== undefined)
    for (const binding of store.peek(`${RBAC}/rolebindings`))
      if (binding.metadata.namespace === namespace) bindings.push(binding);
  return bindings
    .filter((binding) => isSubject(user, binding))
    .flatMap((binding) => roleRules(store, binding));
}

function has(list: string[] | undefined, value: string): boolean {
  return list?.some((entry) => entry === '*' || entry === value) ?? false;
}

function allows(rule: Rule, wanted: Attributes): boolean {
  if (!has(rule.verbs, wanted.verb)) return false;
  if ('path' in wanted)
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? wanted.path.startsWith(url.slice(0, -1)) : url === wanted.path,
    );
  const { group, plural, subresource, name } = wanted;
  if (!has(rule.apiGroups, group)) return false;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  if (!has(rule.resources, resource) && !(subresource && rule.resources?.includes(`*/${subresource}`)))
    return false;
  return (rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(name ?? '');
}

export function isAllowed(store: MemoryStore, user: User, wanted: Attributes): boolean {
  if (user.groups.includes('system:masters')) return true;
  const namespace = 'path' in wanted ? undefined : wanted.namespace;
  return rulesFor(store, user, namespace).some((rule) => allows(rule, wanted));
}

/** The 403 a real server answers. */
export function refusal(user: User, wanted: Attributes): StatusError {
  const who = `User ${JSON.stringify(user.username)} cannot ${wanted.verb}`;
  if ('path' in wanted)
    return new StatusError(403, 'Forbidden', `forbidden: ${who} path ${JSON.stringify(wanted.path)}`, {});
  const { group, plural, subresource, namespace, name } = wanted;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const scope =
    namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const why = `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${scope}`;
  return forbidden(`${group || 'core'}/${plural}`, name ?? '', why);
}

/** Rights as the RBAC objects that grant them: what is asked in one namespace is granted there and nowhere else. */
import type { Permission } from './kind.ts';
import { LOCK, NOT_PROPAGATED } from './lock.ts';

const API = 'rbac.authorization.k8s.io';

export interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** A Namespace, ServiceAccount, ClusterRole, Role or one of their bindings. */
export interface RbacObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  rules?: Rule[];
  roleRef?: { apiGroup: string; kind: string; name: string };
  subjects?: { kind: string; name: string; namespace: string }[];
}

/** A ServiceAccount that is to have the rights. */
export interface Account {
  namespace: string;
  name: string;
}

/** The objects of each Kubernetes plane that rights are asked on, in the order in which they can be applied. */
export function rolesByPlane(
  name: string,
  permissions: Permission[],
  account?: Account,
): Record<string, RbacObject[]> {
  const planes = new Set(permissions.map((one) => one.plane).filter((plane) => plane !== 'azure'));
  return Object.fromEntries(
    [...planes].map((plane) => [
      plane,
      roleObjects(
        name,
        permissions.filter((one) => one.plane === plane),
        account,
      ),
    ]),
  );
}

/**
 * Of one plane. A Role needs its Namespace, so that comes along; with an account, it and the bindings too.
 * @param permissions merged, all of the same plane.
 */
export function roleObjects(name: string, permissions: Permission[], account?: Account): RbacObject[] {
  const wide = permissions.filter((one) => one.namespace === undefined);
  const spaces = [...new Set(permissions.flatMap((one) => one.namespace ?? []))].sort();
  const roles = [
    ...(wide.length === 0 ? [] : [role('ClusterRole', { name }, wide)]),
    ...spaces.map((namespace) =>
      role(
        'Role',
        { name, namespace },
        permissions.filter((one) => one.namespace === namespace),
      ),
    ),
  ];
  const needed = [...new Set([...(account ? [account.namespace] : []), ...spaces])];
  return [
    ...needed.map(namespaceObject),
    ...(account ? [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...account } }] : []),
    ...roles,
    ...(account ? roles.map((one) => binding(one, account)) : []),
  ];
}

/** The lock's own namespace stays on the federation, as the engine itself would make it. */
const namespaceObject = (name: string): RbacObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...(name === LOCK.namespace && { labels: { ...NOT_PROPAGATED } }) },
});

const role = (kind: string, metadata: RbacObject['metadata'], permissions: Permission[]): RbacObject => ({
  apiVersion: `${API}/v1`,
  kind,
  metadata,
  rules: rulesOf(permissions),
});

const binding = ({ kind, metadata }: RbacObject, account: Account): RbacObject => ({
  apiVersion: `${API}/v1`,
  kind: `${kind}Binding`,
  metadata,
  roleRef: { apiGroup: API, kind, name: metadata.name },
  subjects: [{ kind: 'ServiceAccount', ...account }],
});

/** Resources of one group with the same verbs and names share a rule. */
function rulesOf(permissions: Permission[]): Rule[] {
  const rules = new Map<string, Rule>();
  for (const { group, resource, names, verbs } of permissions) {
    const key = [group, verbs, names ?? []].join(' ');
    const rule = rules.get(key) ?? {
      apiGroups: [group],
      resources: [],
      ...(names && { resourceNames: names }),
      verbs,
    };
    rule.resources.push(resource);
    rules.set(key, rule);
  }
  return [...rules.values()];
}

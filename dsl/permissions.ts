/** The rights of many steps as few lines, and as the ClusterRoles that grant them. */
import type { Permission } from './kind.ts';

export interface ClusterRole {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  kind: 'ClusterRole';
  metadata: { name: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}

/** One a plane, group, resource and namespace, with all verbs, in order. */
export function mergePermissions(permissions: Permission[]): Permission[] {
  const merged = new Map<string, Permission>();
  for (const one of permissions) {
    const key = [one.plane, one.group, one.resource, one.namespace ?? ''].join(' ');
    const verbs = new Set([...(merged.get(key)?.verbs ?? []), ...one.verbs]);
    merged.set(key, { ...one, verbs: [...verbs].sort() });
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** One a Kubernetes plane. Rights in one namespace are granted in all: bind the role in the namespace to narrow it. */
export function clusterRoles(
  runbook: string,
  permissions: Permission[],
): { plane: string; role: ClusterRole }[] {
  const planes = new Map<string, Permission[]>();
  for (const one of permissions)
    if (one.plane !== 'azure') planes.set(one.plane, [...(planes.get(one.plane) ?? []), one]);
  return [...planes].map(([plane, own]) => ({
    plane,
    role: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `firedrill-${runbook}` },
      rules: rulesOf(own),
    },
  }));
}

/** Resources of one group with the same verbs share a rule. */
function rulesOf(permissions: Permission[]): ClusterRole['rules'] {
  const anywhere = mergePermissions(permissions.map(({ namespace: _, ...one }) => one));
  const rules = new Map<string, ClusterRole['rules'][number]>();
  for (const { group, resource, verbs } of anywhere) {
    const key = `${group} ${verbs.join(',')}`;
    const rule = rules.get(key) ?? { apiGroups: [group], resources: [], verbs };
    rule.resources.push(resource);
    rules.set(key, rule);
  }
  return [...rules.values()];
}

/** Nobody grants rights that he has not: who writes a role must hold all of it or may `escalate`, who binds it or may `bind`. */
import type { KubeObject } from '../store.ts';
import { isAllowed, type Rule, roleRules, rulesFor } from './authorization.ts';
import type { Plane } from './plane.ts';
import type { ApiRequest } from './request.ts';
import { forbidden } from './status-error.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Throws the 403 of a real server; anything that is no role and no binding passes. */
export function checkEscalation(plane: Plane, request: ApiRequest, object: KubeObject): void {
  const { type, user, target } = request;
  if (type.group !== GROUP || user.groups.includes('system:masters')) return;
  const { plural } = type;
  const { namespace, name } = target;
  const isBinding = plural.endsWith('bindings');
  const may = isBinding
    ? { verb: 'bind', group: GROUP, plural: roleOf(object), namespace, name: object.roleRef?.name }
    : { verb: 'escalate', group: GROUP, plural, namespace, name };
  if (isAllowed(plane.store, user, may)) return;
  const granted: Rule[] = isBinding ? roleRules(plane.store, object) : (object.rules ?? []);
  const held = rulesFor(plane.store, user, namespace);
  const missing = granted.filter((rule) => !covers(held, rule));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw forbidden(
    type.resource,
    object.metadata.name,
    `user ${JSON.stringify(user.username)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`,
  );
}

const roleOf = ({ roleRef }: KubeObject): string => (roleRef?.kind === 'Role' ? 'roles' : 'clusterroles');

/** Piece by piece: one verb, one resource or path, one name. */
function covers(held: Rule[], rule: Rule): boolean {
  const has = (list: string[] = [], one: string) => list.includes('*') || list.includes(one);
  const paths = (rule.nonResourceURLs ?? []).flatMap((path) => rule.verbs.map((verb) => ({ verb, path })));
  const pieces = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        (rule.resourceNames ?? [undefined]).map((name) => ({ group, resource, verb, name })),
      ),
    ),
  );
  return (
    paths.every(({ verb, path }) =>
      held.some((one) => has(one.verbs, verb) && has(one.nonResourceURLs, path)),
    ) &&
    pieces.every(({ group, resource, verb, name }) =>
      held.some(
        (one) =>
          has(one.verbs, verb) &&
          has(one.apiGroups, group) &&
          has(one.resources, resource) &&
          (one.resourceNames === undefined || (name !== undefined && one.resourceNames.includes(name))),
      ),
    )
  );
}

/** As Go prints a rule. */
function ruleText({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Rule): string {
  const parts = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    ResourceNames: resourceNames,
    NonResourceURLs: nonResourceURLs,
    Verbs: verbs,
  });
  return `{${parts.flatMap(([name, list]) => (list?.length ? [`${name}:[${list.map((one) => JSON.stringify(one)).join(' ')}]`] : [])).join(', ')}}`;
}

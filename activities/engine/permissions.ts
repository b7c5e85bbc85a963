/** Asks each API server whether we may do what the Plan will do. */
import type { Permission } from '../../dsl/kind.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import type { Ports } from '../ports/ports.ts';

export async function permissionFindings(
  permissions: Permission[],
  ports: Ports,
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  // Azure tells only when it is asked to act: the load balancer's kinds check their own.
  const asked = merged(permissions).filter((one) => one.plane !== 'azure');
  return (await Promise.all(asked.map((one) => ask(one, ports, signal)))).flat();
}

/** One question per plane, namespace and resource, with all its verbs. */
export function merged(permissions: Permission[]): Permission[] {
  const byKey = new Map<string, Permission>();
  for (const one of permissions) {
    const key = JSON.stringify([one.plane, one.group, one.resource, one.namespace]);
    const known = byKey.get(key);
    const verbs = [...new Set([...(known?.verbs ?? []), ...one.verbs])].sort();
    byKey.set(key, { ...one, verbs });
  }
  return [...byKey.values()];
}

async function ask(permission: Permission, ports: Ports, signal: AbortSignal): Promise<PreflightFinding[]> {
  const { plane: name, group, resource, namespace } = permission;
  const what = `${resource}${group === '' ? '' : `.${group}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
  try {
    const plane = name === 'federation' ? ports.federation() : ports.member(name);
    const grants = await plane.allowed(permission, signal);
    const missing = grants.filter((grant) => !grant.allowed).map((grant) => grant.verb);
    if (missing.length === 0) return [];
    return [
      {
        severity: 'error',
        code: 'FD6021',
        where: name,
        what: `not allowed: ${missing.join(', ')} ${what}`,
        remedy: 'Grant it; `npx firedrill plan --permissions` prints the roles a runbook needs',
      },
    ];
  } catch (error) {
    return [
      {
        severity: 'unknown',
        code: 'FD6022',
        where: name,
        what: `could not ask whether ${what} is allowed: ${error instanceof Error ? error.message : error}`,
        remedy: 'Allow selfsubjectaccessreviews, or make sure of the role yourself',
      },
    ];
  }
}

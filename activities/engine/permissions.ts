/** Asks each API server whether we may do what the Plan, or one act of it, will do: the undo included. */
import type { Permission } from '../../dsl/kind.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { inParallel, PLANES_AT_ONCE } from '../in-parallel.ts';
import type { Ports } from '../ports/ports.ts';

/** @param permissions merged. */
export async function permissionFindings(
  permissions: Permission[],
  ports: Ports,
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  // Azure tells only when it is asked to act: the load balancer's kinds check their own.
  const asked = permissions.filter((one) => one.plane !== 'azure');
  const planes = [...Map.groupBy(asked, (one) => one.plane).values()];
  const found = await inParallel(planes, PLANES_AT_ONCE, (ones) =>
    // One after the other, over one connection: a TLS handshake costs more than the answer.
    inParallel(ones, 1, (one) => ask(one, ports, signal)),
  );
  return found.flat(2);
}

async function ask(permission: Permission, ports: Ports, signal: AbortSignal): Promise<PreflightFinding[]> {
  const { plane: name } = permission;
  const what = describe(permission);
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

function describe({ group, resource, namespace, names }: Permission): string {
  const named = names === undefined ? '' : ` ${names.join(', ')}`;
  return `${resource}${group === '' ? '' : `.${group}`}${named}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

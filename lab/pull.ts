/** Which members of a lab register themselves, in pull mode. */

/**
 * `FIREDRILL_LAB_PULL=k3s,aks2`: where a karmada-agent runs.
 *
 * @throws RangeError that names what the lab does not have.
 */
export function pullingMembers(
  env: NodeJS.ProcessEnv,
  lab: 'the lab' | 'the rig',
  members: readonly string[],
): string[] {
  const named = (env['FIREDRILL_LAB_PULL'] ?? '').split(',').filter((name) => name !== '');
  const unknown = named.filter((name) => !members.includes(name));
  if (unknown.length === 0) return named;
  throw new RangeError(
    `FIREDRILL_LAB_PULL: ${lab} has no member ${unknown.join(', ')}; it has ${members.join(', ')}`,
  );
}

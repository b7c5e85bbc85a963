/** What can be set of the lab's Karmada while it runs. */
import type { KarmadaSettings } from './context.ts';

const values: { [Name in keyof KarmadaSettings]: readonly KarmadaSettings[Name][] } = {
  failover: [true, false],
  noExecuteTaintEviction: [true, false],
  multiClusterService: [true, false],
  ungracefulRace: ['lose', 'keep', 'alternate'],
};

/** The changes themselves. Throws a RangeError that names everything in them that is no setting, or no value of one. */
export function karmadaChanges(changes: unknown): Partial<KarmadaSettings> {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
    throw new RangeError(`karmada is an object of settings: ${Object.keys(values).join(', ')}`);
  const wrong = Object.entries(changes).flatMap(([name, value]) => {
    if (!Object.hasOwn(values, name))
      return [`Karmada has no setting karmada.${name}; it has ${Object.keys(values).join(', ')}`];
    const allowed: readonly unknown[] = values[name as keyof KarmadaSettings];
    return allowed.includes(value)
      ? []
      : [`karmada.${name} is one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`];
  });
  if (wrong.length > 0) throw new RangeError(wrong.join('; '));
  return changes;
}

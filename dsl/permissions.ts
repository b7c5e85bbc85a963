/** The rights of a Plan: those of its steps, undo included, and those of the engine around them. Pure. */
import { askableMembers } from './askable.ts';
import type { Instance } from './instances.ts';
import type { Catalogue, Permission } from './kind.ts';
import { LOCK } from './lock.ts';
import type { Plan } from './plan.ts';

/**
 * Everything this run may ask of the members, the federation and Azure, merged.
 * @param instances those that may run: what its condition rules out needs no right.
 */
export function planPermissions(plan: Plan, instances: Instance[], catalogue: Catalogue): Permission[] {
  return mergePermissions([
    ...enginePermissions(plan, instances, catalogue),
    ...instances.flatMap((one) => stepPermissions(one, plan, catalogue)),
  ]);
}

/** Of one step, for act and undo alike; none when only the run knows its input. */
export function stepPermissions(one: Instance, plan: Plan, catalogue: Catalogue): Permission[] {
  const known = inputFor(one, catalogue);
  return known?.kind.permissions(known.input, plan.fleet) ?? [];
}

/** The kind's own view of an input; undefined when the input is not known or does not fit. */
export function inputFor({ step, input }: Instance, catalogue: Catalogue) {
  const kind = catalogue.get(step.uses);
  const parsed = input === undefined ? undefined : kind?.input.safeParse(input);
  return kind !== undefined && parsed?.success === true ? { kind, input: parsed.data } : undefined;
}

/** The fleet lock, and what the guard counts. What everybody who is authenticated may do is not among it. */
function enginePermissions(plan: Plan, instances: Instance[], catalogue: Catalogue): Permission[] {
  const { namespace, name } = LOCK;
  const lease = { plane: 'federation', group: 'coordination.k8s.io', resource: 'leases', namespace };
  const lock: Permission[] =
    plan.fleet.federation === undefined
      ? []
      : [
          { ...lease, verbs: ['create'] },
          { ...lease, names: [name], verbs: ['get', 'delete'] },
        ];
  return [...lock, ...instances.flatMap((one) => guardPermissions(one, plan, catalogue))];
}

function guardPermissions(one: Instance, plan: Plan, catalogue: Catalogue): Permission[] {
  const limits = plan.guard.blast;
  const known = one.step.effect === 'disrupts' ? inputFor(one, catalogue) : undefined;
  const blast = known?.kind.blast?.(known.input, plan.fleet);
  if (limits === undefined || blast === undefined) return [];
  const askable = askableMembers(plan.fleet);
  const counted: Permission[] = blast.clusters
    .filter((name) => askable.includes(name))
    .map((plane) => ({
      plane,
      group: '',
      resource: 'pods',
      verbs: ['list'],
    }));
  if (limits.bindings !== undefined)
    counted.push({
      plane: 'federation',
      group: 'work.karmada.io',
      resource: 'resourcebindings',
      verbs: ['list'],
    });
  return counted;
}

/**
 * One a plane, group, resource, namespace and set of verbs, in order; names of the same are put together, and
 * what a wider one grants anyway is left out.
 */
export function mergePermissions(permissions: Permission[]): Permission[] {
  const byScope = gathered(permissions, keyOf, (into, one) => ({
    ...into,
    verbs: union(into.verbs, one.verbs),
  }));
  const needed = byScope.flatMap((one) => {
    const wider = byScope.filter((other) => other !== one && isWider(other, one));
    const verbs = one.verbs.filter((verb) => !wider.some((other) => other.verbs.includes(verb))).sort();
    return verbs.length === 0 ? [] : [{ ...one, verbs }];
  });
  const named = gathered(
    needed,
    (one) => keyOf({ ...one, ...(one.names && { names: ['*'] }) }) + one.verbs.join(),
    (into, one) => ({ ...into, ...(into.names && { names: union(into.names, one.names ?? []).sort() }) }),
  );
  return named.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ plane, group, resource, namespace = '', names = [] }: Permission) =>
  [plane, group, resource, namespace, ...names].join(' ');

const union = (one: string[], other: string[]): string[] => [...new Set([...one, ...other])];

function isWider(one: Permission, than: Permission): boolean {
  const same = one.plane === than.plane && one.group === than.group && one.resource === than.resource;
  const space = one.namespace === undefined || one.namespace === than.namespace;
  const names = one.names === undefined || than.names?.every((name) => one.names!.includes(name)) === true;
  return same && space && names && keyOf(one) !== keyOf(than);
}

function gathered(
  permissions: Permission[],
  keyOf: (one: Permission) => string,
  join: (into: Permission, one: Permission) => Permission,
): Permission[] {
  const found = new Map<string, Permission>();
  for (const one of permissions) {
    const known = found.get(keyOf(one));
    found.set(keyOf(one), known === undefined ? one : join(known, one));
  }
  return [...found.values()];
}

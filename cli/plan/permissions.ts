/** The rights of a Plan as YAML that can be applied, a plane or all of them, under a table for the reader. */
import { stringify } from 'yaml';
import type { Description } from '../../dsl/describe.ts';
import { type Account, type RbacObject, rolesByPlane } from '../../dsl/roles.ts';
import type { Call } from '../command.ts';
import { problem, usage } from '../problem.ts';

export const permissionFlags = {
  permissions: { type: 'boolean', summary: 'print the rights it needs, undo included, as roles to apply' },
  plane: {
    type: 'string',
    value: 'PLANE',
    summary: 'with --permissions: only of this member, or federation',
  },
  account: {
    type: 'string',
    value: 'NAMESPACE/NAME',
    summary: 'with --permissions: a ServiceAccount too, bound to the roles',
  },
} as const;

interface Rights {
  permissions: Description['permissions'];
  /** Objects to apply, by plane. */
  objects: Record<string, RbacObject[]>;
  /** Steps whose rights only the run knows. */
  unknown: string[];
}

/** Throws a usage problem for a plane without rights or an account that cannot be read. */
export function rightsOf(view: Description, call: Call): Rights {
  const plane = call.text('plane');
  const objects = rolesByPlane(`firedrill-${view.runbook}`, view.permissions, accountOf(call));
  if (plane !== undefined && objects[plane] === undefined)
    throw usage(
      problem(
        'FD7025',
        `${view.runbook} needs no rights on ${plane}; on ${Object.keys(objects).join(', ') || 'no cluster'} it does`,
      ),
    );
  if (plane === undefined) return { permissions: view.permissions, objects, unknown: view.rightsUnknown };
  return {
    permissions: view.permissions.filter((one) => one.plane === plane),
    objects: { [plane]: objects[plane]! },
    unknown: view.rightsUnknown,
  };
}

function accountOf(call: Call): Account | undefined {
  const given = call.text('account');
  if (given === undefined) return undefined;
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(given) ?? [];
  if (namespace === undefined || name === undefined)
    throw usage(problem('FD7026', `--account ${given} names no ServiceAccount`));
  return { namespace, name };
}

export function permissionsText({ permissions, objects, unknown }: Rights): string {
  const rows = permissions.map(({ plane, group, resource, names, verbs, namespace }) =>
    [
      `# ${plane.padEnd(12)}`,
      `${resource}${group === '' ? '' : `.${group}`}`.padEnd(44),
      (namespace ?? '*').padEnd(16),
      `${verbs.join(',')}${names === undefined ? '' : `  only ${names.join(', ')}`}`,
    ].join(' '),
  );
  const untold = unknown.map((path) => `# Not among them: those of ${path}, whose input only the run knows.`);
  const documents = Object.entries(objects).flatMap(([plane, ones]) =>
    ones.map((one) => `---\n# on ${plane}\n${stringify(one, { aliasDuplicateObjects: false }).trimEnd()}`),
  );
  return [
    ...rows,
    '# Besides, what Kubernetes grants to everybody who is authenticated: system:basic-user, system:discovery.',
    ...untold,
    ...documents,
  ].join('\n');
}

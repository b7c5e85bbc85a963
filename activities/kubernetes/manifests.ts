/** What can be told of manifests before they are applied: the rights they need, and secrets among them. */
import type { z } from 'zod';
import type { InputProblem, Permission } from '../../dsl/kind.ts';
import type { manifests } from './inputs.ts';

type Manifests = z.infer<typeof manifests>;

export function applyPermissions(plane: string, given: Manifests): Permission[] {
  if (typeof given === 'string') return [];
  // An apply creates by patch: the only way to create for which RBAC knows the name.
  return given.map((object) => ({
    plane,
    group: object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : '',
    resource: pluralOf(object.kind),
    names: [object.metadata.name],
    verbs: ['get', 'create', 'patch', 'delete'],
    ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
  }));
}

/** The plurals of Kubernetes and Karmada are regular; a CRD with another one only makes preflight ask in vain. */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(name) ? `${name}es` : `${name}s`;
}

/** A Plan is in history for ever. */
export function secretsAmong(given: Manifests): InputProblem[] {
  if (typeof given === 'string') return [];
  return given.flatMap((object, index) =>
    object.kind === 'Secret'
      ? [
          {
            path: ['manifests', index],
            found: `the Secret ${object.metadata.name}`,
            expected: 'manifests without secrets',
            remedy: 'Create it beforehand: a Plan and its history keep what is applied',
          },
        ]
      : [],
  );
}

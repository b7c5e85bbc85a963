/** Inputs that several kinds of clusters share, and what can be wrong with them before a connection is opened. */
import { z } from 'zod';
import type { Fleet } from '../../dsl/fleet.ts';
import type { InputProblem, Permission } from '../../dsl/kind.ts';
import { nearest } from '../../dsl/nearest.ts';
import { refused } from '../failure.ts';
import type { Workload } from '../ports/federation.ts';
import type { KubeObject } from '../ports/plane.ts';

export const cluster = z.string().min(1).meta({ description: 'A member of the fleet' });

export const workload = z
  .string()
  .regex(/^deployment\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { message: 'deployment/NAME' })
  .meta({ description: 'A Deployment: deployment/NAME' });

export const namespace = z.string().min(1).default('demo').meta({ description: 'Its namespace' });

export const workloadOf = (input: { workload: string; namespace: string }): Workload => ({
  namespace: input.namespace,
  name: input.workload.slice('deployment/'.length),
});

const kubeObject = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
});

/** A file or folder beside the runbook when written; its objects once compiled. */
export const manifests = z
  .union([z.string().min(1), z.array(kubeObject)])
  .meta({ description: 'A file or folder of manifests, relative to the runbook' });

/** Namespaces and CRDs first, then as they stand in the files. */
export function objectsOf(given: z.infer<typeof manifests>): KubeObject[] {
  if (typeof given === 'string')
    throw refused({
      code: 'FD3020',
      where: given,
      what: 'the Plan holds the name of the manifests instead of the manifests',
      remedy: 'Compile the runbook again',
    });
  const rank = (kind: string) => ['Namespace', 'CustomResourceDefinition'].indexOf(kind);
  const order = (object: { kind: string }) => (rank(object.kind) < 0 ? 2 : rank(object.kind));
  return (given as KubeObject[]).toSorted((one, other) => order(one) - order(other));
}

const readingBy =
  (...verbs: string[]) =>
  (plane: string, group: string, resource: string, space?: string): Permission => ({
    plane,
    group,
    resource,
    verbs,
    ...(space === undefined ? {} : { namespace: space }),
  });

/** To read by name. */
export const reading = readingBy('get');
/** To follow a watch, which begins with a list. */
export const watching = readingBy('list', 'watch');
/** To list, and no more. */
export const listing = readingBy('list');

export function unknownMembers(given: Record<string, string | undefined>, fleet: Fleet): InputProblem[] {
  const known = Object.keys(fleet.members);
  return Object.entries(given).flatMap(([key, name]) =>
    name === undefined || known.includes(name)
      ? []
      : [
          {
            path: [key],
            found: name,
            expected: `a member of fleet ${fleet.name}: ${known.join(', ')}`,
            nearest: nearest(name, known),
            remedy: 'Name a member of the fleet file',
          },
        ],
  );
}

export function withoutFederation(fleet: Fleet): InputProblem[] {
  if (fleet.federation) return [];
  return [
    {
      path: [],
      found: `fleet ${fleet.name}, which has no federation`,
      expected: 'a fleet with a Karmada control plane',
      remedy: 'Add `federation` to the fleet file, or use a kind that needs none',
    },
  ];
}

/** What the kinds of multi-cluster Services are told, and what can be wrong with it before a connection is opened. */
import { z } from 'zod';
import type { Fleet } from '../../dsl/fleet.ts';
import type { InputProblem } from '../../dsl/kind.ts';
import { nearest } from '../../dsl/nearest.ts';

export const service = z
  .string()
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, { message: 'the name of a Service' })
  .meta({ description: 'A Service of the federation' });

const some = z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]);
export const from = some.default('all').meta({ description: 'Members whose pods stand behind it' });
export const to = some.default('all').meta({ description: 'Members that get to know it' });

export const by = z.enum(['service-import', 'multi-cluster-service']).default('service-import').meta({
  description:
    '`service-import`: a Service `derived-NAME` of its own; `multi-cluster-service`: under the Service itself, where the feature gate is on',
});
export type By = z.infer<typeof by>;

type Some = z.infer<typeof some>;

export const membersOf = (given: Some, fleet: Fleet): string[] =>
  given === 'all' ? Object.keys(fleet.members) : [...new Set(given)];

export function strangers(given: Record<string, Some>, fleet: Fleet): InputProblem[] {
  const known = Object.keys(fleet.members);
  return Object.entries(given).flatMap(([key, names]) =>
    (names === 'all' ? [] : names).flatMap((name, index) =>
      known.includes(name)
        ? []
        : [
            {
              path: [key, index],
              found: name,
              expected: `a member of fleet ${fleet.name}: ${known.join(', ')}`,
              nearest: nearest(name, known),
              remedy: 'Name a member of the fleet file',
            },
          ],
    ),
  );
}

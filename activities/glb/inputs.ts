/** Inputs that the load balancer's kinds share, and what can be wrong with them before a connection is opened. */
import { z } from 'zod';
import type { Fleet } from '../../dsl/fleet.ts';
import type { InputProblem, Permission } from '../../dsl/kind.ts';
import { nearest } from '../../dsl/nearest.ts';

export const backend = z.string().min(1).meta({ description: 'A member of the fleet, as a backend' });
export const weight = z.number().int().min(1).max(1000);
export const priority = z.number().int().min(1).max(5);
export const margin = z
  .number()
  .min(0.01)
  .max(0.5)
  .default(0.15)
  .meta({ description: 'How far a share may be from the configured one, 0.15 = 15 percentage points' });
export const perSecond = z
  .number()
  .int()
  .min(1)
  .max(200)
  .default(20)
  .meta({ description: 'Requests a second, each on a new connection' });

export function unknownBackends(given: string[], path: string, fleet: Fleet): InputProblem[] {
  const known = Object.keys(fleet.loadBalancer?.backends ?? {});
  if (!fleet.loadBalancer)
    return [
      {
        path: [],
        found: `fleet ${fleet.name}, which has no load balancer`,
        expected: 'a fleet with a global load balancer',
        remedy: 'Add `loadBalancer` to the fleet file',
      },
    ];
  return given
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: [path],
      found: name,
      expected: `a backend of fleet ${fleet.name}: ${known.join(', ')}`,
      nearest: nearest(name, known),
      remedy: 'Name a member under `loadBalancer.backends` in the fleet file',
    }));
}

const resources = {
  'front-door-standard': ['profiles', 'profiles/originGroups/origins', 'profiles/afdEndpoints/routes'],
  'front-door-classic': ['frontDoors'],
} as const;

export function permissionsOn({ loadBalancer }: Fleet, verbs: string[]): Permission[] {
  if (!loadBalancer) return [];
  const group = loadBalancer.kind === 'front-door-standard' ? 'Microsoft.Cdn' : 'Microsoft.Network';
  return resources[loadBalancer.kind].map((resource) => ({ plane: 'azure', group, resource, verbs }));
}

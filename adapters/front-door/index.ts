/** The global load balancer that a fleet file names. */
import { refused } from '../../activities/failure.ts';
import type { GlobalLoadBalancer } from '../../activities/ports/load-balancer.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { openClassic } from './classic.ts';
import { openStandard } from './standard.ts';

/** Throws `refused` when the fleet has none. Nothing is connected before it is asked. */
export function openLoadBalancer(fleet: Fleet): GlobalLoadBalancer {
  const { loadBalancer } = fleet;
  if (loadBalancer?.kind === 'front-door-standard') return openStandard(loadBalancer, fleet);
  if (loadBalancer?.kind === 'front-door-classic') return openClassic(loadBalancer, fleet);
  throw refused({
    code: 'FD4011',
    where: fleet.file,
    what: `fleet ${fleet.name} has no global load balancer`,
    remedy: 'Add `loadBalancer` to the fleet file',
  });
}

import type { Fleet, LoadBalancer } from '../../dsl/fleet.ts';
import { loadBalancerContract } from './load-balancer.ts';

const withName = (fleet: Fleet, change: Partial<LoadBalancer>): Fleet => ({
  ...fleet,
  loadBalancer: { ...fleet.loadBalancer, ...change } as LoadBalancer,
});

loadBalancerContract('standard', (fleet) =>
  withName(fleet, { originGroup: 'membres' } as Partial<LoadBalancer>),
);
loadBalancerContract('classic', (fleet) =>
  withName(fleet, { frontDoor: 'fd-clasic' } as Partial<LoadBalancer>),
);

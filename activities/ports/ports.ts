/** Everything outside that a step can reach. One implementation per port in `adapters/`. */
import type { Fleet } from '../../dsl/fleet.ts';
import type { Federation } from './federation.ts';
import type { Inside } from './inside.ts';
import type { Lab } from './lab.ts';
import type { LoadClient } from './load.ts';
import type { GlobalLoadBalancer } from './load-balancer.ts';
import type { MemberCluster } from './member.ts';
import type { Notifier } from './notifier.ts';
import type { Requester } from './requester.ts';

export interface Ports {
  member(name: string): MemberCluster;
  /** A client inside a member; throws `refused` when the fleet file does not say how to have one. */
  inside(member: string): Inside;
  /** Throws `refused` when the fleet has no federation. */
  federation(): Federation;
  loadBalancer(): GlobalLoadBalancer;
  /** Throws `refused` when the fleet is no lab. */
  lab(): Lab;
  requester: Requester;
  load: LoadClient;
  notifier: Notifier;
}

export type OpenPorts = (fleet: Fleet) => Ports;

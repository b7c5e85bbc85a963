/** FD4xxx. */
import type { Errors } from './error.ts';

export const loadBalancerErrors = {
  FD4001: {
    title: 'Azure does not know a name of the fleet file',
    remedy: 'Correct the name; the error lists the nearest ones that are there',
  },
  FD4002: {
    title: 'The worker is not signed in to Azure',
    remedy: 'Sign in where the worker runs, or correct the token that the fleet file refers to',
  },
  FD4003: {
    title: "The worker's identity may not do this",
    remedy: 'Give it the built-in role that the error names, on the resource it names',
  },
  FD4004: {
    title: 'Azure refuses what was asked for',
    remedy: 'Correct the values of the step or of the fleet file; the error has Azure’s words',
  },
  FD4005: {
    title: 'The load balancer is busy or throttles',
    remedy: 'It is tried again; give the step a longer timeout if that does not do',
  },
  FD4006: {
    title: 'The management API cannot be reached, or fails',
    remedy: 'Check the way from the worker to it, and status.azure.com',
  },
  FD4007: {
    title: 'Azure accepted a change and then failed it',
    remedy: 'It is tried again; the Activity log of the resource says more',
  },
  FD4008: {
    title: 'The load balancer keeps holding something else than was written',
    remedy: 'Stop whatever else manages it for the time of the drill',
  },
  FD4009: {
    title: 'A backend pool has no probe or balancing settings',
    remedy: 'Give it both in the Front Door designer',
  },
  FD4010: {
    title: 'A classic Front Door cannot be left without a backend',
    remedy: 'Leave one backend in the pool, disabled if need be',
  },
  FD4011: { title: 'The fleet has no global load balancer', remedy: 'Add `loadBalancer` to the fleet file' },
  FD4101: {
    title: 'The load balancer has no such backend',
    remedy: 'Correct `loadBalancer.backends`, or let glb/ensure make it',
  },
  FD4102: { title: 'A backend is disabled', remedy: 'Let glb/ensure or glb/restore enable it' },
  FD4103: {
    title: 'The probes cannot remove a backend within the timeout',
    remedy: 'Raise the timeout of the step, or let the load balancer probe more often',
  },
  FD4104: {
    title: 'Front Door classic takes no changes after 2027-03-31',
    remedy: 'Migrate to Front Door Standard or Premium',
  },
  FD4105: {
    title: 'The load balancer also sends to a backend that the fleet file does not name',
    remedy: 'Add it to `loadBalancer.backends`, or take it out of the load balancer',
  },
  FD4106: {
    title: 'Nobody can tell which member routed a request',
    remedy: 'Let each entry point mark its answers and name the header under `identity`',
  },
  FD4107: {
    title: 'The load balancer did not remove a backend in time',
    remedy: 'Look at its probes, and at points of presence that differ from the others',
  },
  FD4108: {
    title: 'The health probe does not see the application',
    remedy: 'Let it ask for a path that the application itself answers with 200',
  },
  FD4109: {
    title: 'The load balancer does not serve as configured',
    remedy: 'Look at the backends that get too little: their health, their latency',
  },
} satisfies Errors;

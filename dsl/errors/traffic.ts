/** FD5xxx. */
import type { Errors } from './error.ts';

export const trafficErrors = {
  FD5001: {
    title: 'A pattern in `identity` is not a regular expression',
    remedy: 'Write a JavaScript regular expression whose first group is the name, e.g. ^CLUSTER=(.+)$.',
  },
  FD5002: {
    title: 'A request timeout out of bounds',
    remedy: 'Take the time after which a user gives up: more than 0 and at most 4s; the default is 2s.',
  },
  FD5003: {
    title: 'Traffic to a host that the fleet does not allow',
    remedy: "Add the host to the fleet file's `allowHosts` if it is yours to load.",
  },
  FD5004: {
    title: 'Traffic through a load balancer that the fleet does not have',
    remedy: 'Describe `loadBalancer` in the fleet file, or send to a member with `via`.',
  },
  FD5005: {
    title: 'Traffic via an unknown member',
    remedy: 'Name a member of the fleet file.',
  },
  FD5006: {
    title: 'A rate out of bounds',
    remedy: 'Take more than 0 and at most 5000/s; 50/s is enough for most drills.',
  },
  FD5007: {
    title: 'A duration of load out of bounds',
    remedy: 'Take from 1s to 1h, or `background: true` for load that lasts as long as the drill.',
  },
  FD5008: {
    title: 'Load without an end',
    remedy: 'Give the step a `duration`, or `background: true`.',
  },
  FD5009: {
    title: "A duration of load that does not fit into its step's timeout",
    remedy: 'Give the step a longer `timeout`, or the load a shorter `duration`.',
  },
  FD5010: {
    title: 'Whether the host that traffic goes to answers',
    remedy:
      'Correct `url` and `host` of the client or entry in the fleet file, or start what should answer there.',
  },
  FD5011: {
    title: 'Nobody can be named: the fleet file has no `identity`',
    remedy:
      'Let each entry point and each pod name its cluster in a header, and name the headers in `identity`.',
  },
  FD5012: {
    title: 'A sample of requests was not answered as the load balancer is configured',
    remedy: 'See its lines; compare weights, priorities, probes and the latency band of the load balancer.',
  },
  FD5013: {
    title: 'A sample of requests cannot be judged: too few answers name their cluster',
    remedy: 'Let every entry point set the header that `identity` in the fleet file names.',
  },
} satisfies Errors;

/** FD2xxx. */
import type { Errors } from './error.ts';

export const fleetErrors = {
  FD2001: {
    title: 'An environment variable of the fleet file is not set',
    remedy: 'Set it where the worker runs',
  },
  FD2002: { title: 'A file of the fleet file cannot be read', remedy: 'Create it, or correct the reference' },
  FD2101: { title: 'An unknown field in the fleet file', remedy: 'Remove it or correct its name' },
  FD2102: { title: 'A field is missing in the fleet file', remedy: 'Add it' },
  FD2103: { title: 'A value of the wrong kind in the fleet file', remedy: 'Write what is expected' },
  FD2104: { title: 'A name in the fleet file that is no member', remedy: 'Correct it, or add the member' },
  FD2105: {
    title: 'A cluster that cannot be reached as written',
    remedy: 'Exactly one of kubeconfig, inCluster, server',
  },
  FD2106: {
    title: 'A pattern that gives no identity',
    remedy: 'A regular expression whose first group is the name',
  },
  FD2107: {
    title: 'A lab in the file of a fleet of real clusters',
    remedy: 'Remove `lab`, or correct `tier`',
  },
  FD2108: {
    title: 'A pull-mode member without address and without a federation',
    remedy: 'Add `federation`, or say how to reach the member',
  },
} satisfies Errors;

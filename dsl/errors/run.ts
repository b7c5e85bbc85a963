/** FD6xxx: while a run is going on. */
import type { Errors } from './error.ts';

export const runErrors = {
  FD6001: {
    title: 'No worker finished a step in time',
    remedy:
      'Look at the worker with `firedrill doctor`; what nobody could do is inconclusive, not a finding.',
  },
  FD6002: { title: 'A mistake of ours', remedy: 'Report it with the journal of the run.' },
  FD6003: {
    title: 'Too few requests in the window of an expression',
    remedy: 'Widen the window or raise the rate: a share of a handful of requests says nothing.',
  },
  FD6004: {
    title: 'A for-each got something that is no list',
    remedy: 'Give it a list of at most 200 items.',
  },
  FD6005: {
    title: 'A step could not be undone when the runbook asked for it',
    remedy: 'The safety net tries again at the end; then `firedrill restore RUN`.',
  },
  FD6006: { title: 'An approval was refused or not given in time', remedy: 'Start the drill again.' },
  FD6007: {
    title: 'An act was not done within its timeout',
    remedy:
      'Find out what holds it up (its progress is in the message), or give the step a longer `timeout`.',
  },
  FD6008: {
    title: 'The fault did not bite, or its effect was lost before recovery',
    remedy: 'Find out why the disruption had no effect; without it the drill proves nothing.',
  },
  FD6009: {
    title: 'Background traffic died',
    remedy: 'Look at the traffic worker with `firedrill doctor`; without clients nothing can be judged.',
  },
  FD6010: {
    title: 'Availability fell under the guard’s floor',
    remedy: 'The exercise was stopped to protect users; the journal tells what they saw.',
  },
  FD6012: { title: 'An attempt ran out of time', remedy: 'It is tried again until the step’s timeout.' },
  FD6013: {
    title: 'The input of a step does not fit its kind when it runs',
    remedy: 'An expression in `with` gave something else; `firedrill explain KIND` shows what it takes.',
  },
  FD6014: {
    title: 'The worker is older than the Plan',
    remedy: 'Update the worker to the version that compiled the Plan.',
  },
  FD6015: {
    title: 'A step cannot be checked before the run',
    remedy: 'Its input is known only while it runs; write the values out if you want them checked.',
  },
  FD6016: {
    title: 'A step’s own preflight check could not be made',
    remedy: 'Mend what it names and try `firedrill plan --live`.',
  },
  FD6017: {
    title: 'Something the drill needs runs on its victim',
    remedy: 'Host Temporal and the workers outside the clusters being rehearsed.',
  },
  FD6018: {
    title: 'The federation’s control plane runs on the victim',
    remedy: 'Move it to a cluster of its own, or expect the drill to show that nothing is re-placed.',
  },
  FD6019: { title: 'A cluster of the fleet cannot be used', remedy: 'Correct the member in the fleet file.' },
  FD6020: { title: 'A cluster answers', remedy: 'None needed.' },
  FD6021: {
    title: 'A right is missing',
    remedy: 'Grant it; `firedrill plan RUNBOOK --permissions` prints the roles a runbook needs.',
  },
  FD6022: {
    title: 'Rights could not be asked for',
    remedy: 'Allow selfsubjectaccessreviews, or make sure of the role yourself.',
  },
  FD6023: {
    title: 'A guard forbids a disruption',
    remedy: 'Change what the runbook disrupts, or its `guard`.',
  },
  FD6026: {
    title: 'A member is known by the report of the federation only',
    remedy: 'Nothing to do; what it says of its pods cannot be compared with its own word.',
  },
  FD6025: {
    title: 'An assert that must hold does not',
    remedy:
      'Its values are in the journal; `on-failure: continue` lets the drill go on and fails the verdict only.',
  },
  FD6024: {
    title: 'The fleet is busy with another run',
    remedy: 'Watch that run with `firedrill attach`; if it is gone, `firedrill restore` it.',
  },
} satisfies Errors;

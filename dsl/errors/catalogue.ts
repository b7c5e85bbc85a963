/** Every error Firedrill can report, by code. A test holds this, the code and the docs together. */
import { clusterErrors } from './cluster.ts';
import { commandErrors } from './command.ts';
import type { Errors } from './error.ts';
import { fleetErrors } from './fleet.ts';
import { labErrors } from './lab.ts';
import { loadBalancerErrors } from './load-balancer.ts';
import { multiClusterErrors } from './multicluster.ts';
import { rigErrors } from './rig.ts';
import { runErrors } from './run.ts';
import { runbookErrors } from './runbook.ts';
import { trafficErrors } from './traffic.ts';

export const catalogue: Errors = {
  ...runbookErrors,
  ...fleetErrors,
  ...clusterErrors,
  ...multiClusterErrors,
  ...loadBalancerErrors,
  ...trafficErrors,
  ...runErrors,
  ...commandErrors,
  ...labErrors,
  ...rigErrors,
};

/** What a rig is started with besides the usual: members that pull, the descheduler with its estimators. */
import { pullingMembers } from '../pull.ts';
import {
  agent,
  descheduler,
  ESTIMATOR_PORT,
  estimator,
  type KarmadaFlags,
  karmadaScheduler,
} from './karmada.ts';
import type { Wiring } from './kubernetes.ts';
import { MEMBERS } from './layout.ts';
import type { PlaneClient } from './plane.ts';
import type { ProcessSpec } from './supervise.ts';

export interface RigExtras {
  /** Members whose API nobody outside reaches: an agent inside them pulls what they are to run. */
  pull: string[];
  /** Moves replicas that find no room, of dynamic weights and aggregated placements only; needs estimators. */
  descheduler: boolean;
}

/** By the environment of the rig's process: `FIREDRILL_LAB_PULL=k3s,aks2`, `FIREDRILL_RIG_DESCHEDULER=1`. */
export function extrasOf(env: NodeJS.ProcessEnv): RigExtras {
  return {
    pull: pullingMembers(env, 'the rig', MEMBERS),
    descheduler: env['FIREDRILL_RIG_DESCHEDULER'] === '1',
  };
}

/** The scheduler asks estimators only where there are some: without them each decision would wait for them. */
export const schedulerOf = (wiring: Wiring, flags: KarmadaFlags, extras: RigExtras): ProcessSpec =>
  karmadaScheduler(wiring, flags, { estimators: extras.descheduler });

/** Processes beside Karmada's usual ones, to be started when it is ready. */
export function extraProcesses(wiring: Wiring, flags: KarmadaFlags, extras: RigExtras): ProcessSpec[] {
  return [
    ...extras.pull.map((member) => agent(wiring, member, flags)),
    ...(extras.descheduler
      ? [...MEMBERS.map((member) => estimator(wiring, member)), descheduler(wiring)]
      : []),
  ];
}

/** Scheduler and descheduler look an estimator up by its Service; without pods, it names an address. */
export async function announceEstimators(plane: PlaneClient, { port }: Wiring): Promise<void> {
  for (const member of MEMBERS)
    await plane.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `karmada-scheduler-estimator-${member}`, namespace: 'karmada-system' },
      spec: {
        type: 'ExternalName',
        externalName: 'localhost',
        ports: [{ port: ESTIMATOR_PORT, targetPort: port(`${member}/karmada-scheduler-estimator`) }],
      },
    });
}

/**
 * Karmada 1.18's behaviour on the lab's API servers: the federation's store in, the members' stores out.
 *
 *     policy + template ──detector──▶ binding ──scheduler──▶ binding.spec.clusters
 *                                        ▲                        │ distribution (+ overrides)
 *       dependencies, namespaces ────────┘                        ▼
 *     template status ◀─aggregation─ binding.status ◀─── Works in karmada-es-<member>
 *                                        │                 │ execution      ▲ collection
 *       eviction/application-failover ◀──┤                 ▼                │
 *       eviction/taint-manager           │              the member's objects, mended when changed
 *       eviction/graceful  ◀─────────────┘
 *     members/membership, members/health, members/taint-policy ──▶ Cluster status, taints, execution spaces
 *     rebalancer ──▶ binding.spec.rescheduleTriggeredAt
 *     multicluster/: a member's ServiceExport ──export──▶ its slices as Works ──slices──▶ imported slices
 *                    ServiceImport ──import──▶ derived Service; both follow the import as its dependencies
 *                    MultiClusterService ──service──▶ the Service's binding ──service-collect──▶ Works ──dispatch──▶
 *
 * One controller a file, each with a work queue of its own (`queue.ts`) and a latency of its own (`timings.ts`,
 * measured). What a drill must know of Karmada is written nowhere as a case: the 60 ms with a wrong sum, the reports
 * that are older than the move, the cascade, the old Deployment that goes a minute after its cluster is back follow
 * from the same controllers reading the same stale things in the same order. Pure decisions are in `scheduling/`
 * (filters, spread constraints, Webster), `selectors.ts`, `taints.ts`, `overrides/`, `health.ts`.
 *
 * Not here: descheduler and estimators, pull mode, propagation suspended by schedule.
 */

import type { World } from '../world.ts';
import { startAggregation } from './aggregation.ts';
import { startCollection } from './collection.ts';
import type { Context, KarmadaSettings } from './context.ts';
import { startDependencies } from './dependencies.ts';
import { startDetector } from './detector.ts';
import { startDistribution } from './distribution.ts';
import { startApplicationFailover } from './eviction/application-failover.ts';
import { startGracefulEviction } from './eviction/graceful.ts';
import { startTaintManager } from './eviction/taint-manager.ts';
import { startExecution } from './execution.ts';
import { registerAgents } from './members/agent.ts';
import { startHealth } from './members/health.ts';
import { startMembership } from './members/membership.ts';
import { startTaintPolicies } from './members/taint-policy.ts';
import { installMultiClusterApis } from './multicluster/apis.ts';
import { startDispatch } from './multicluster/dispatch.ts';
import { startServiceExports } from './multicluster/export.ts';
import { startServiceImports } from './multicluster/import.ts';
import { startMultiClusterServices } from './multicluster/service.ts';
import { startServiceCollection } from './multicluster/service-collect.ts';
import { startImportedSlices } from './multicluster/slices.ts';
import { startNamespaces } from './namespaces.ts';
import { startRebalancer } from './rebalancer.ts';
import { startScheduler } from './scheduler.ts';
import { measuredTimings, type Timings } from './timings.ts';

export interface KarmadaOptions {
  /** Read when needed: the object may be changed while the lab runs. */
  settings?: Partial<KarmadaSettings>;
  timings?: Partial<Timings>;
  /** Members that a karmada-agent of their own registers in pull mode; none by default. */
  pull?: readonly string[];
  /** Name of the member whose API server has this address; default: `http://aks1` is aks1. */
  memberAt?: (apiEndpoint: string) => string | undefined;
  /** Told of errors that nobody expected (bugs); default: standard error. */
  report?: (error: unknown, where: string) => void;
}

export const defaultKarmadaSettings: KarmadaSettings = {
  failover: true,
  noExecuteTaintEviction: true,
  multiClusterService: true,
  ungracefulRace: 'alternate',
};

/** Starts every controller; returns how to stop them. A second start goes on from what the stores say. */
export function startKarmada(world: World, options: KarmadaOptions = {}): () => void {
  const context: Context = {
    world,
    federation: world.federation,
    clock: world.clock,
    timings: { ...measuredTimings, ...options.timings },
    settings: () => ({ ...defaultKarmadaSettings, ...options.settings }),
    memberAt: options.memberAt ?? byHostname,
    report: options.report ?? ((error, where) => console.error(`karmada: ${where}:`, error)),
  };
  installMultiClusterApis(world.federation);
  registerAgents(world.federation, options.pull ?? []);
  const stops = [
    startMembership(context),
    startHealth(context),
    startTaintPolicies(context),
    startNamespaces(context),
    startDetector(context),
    startDependencies(context),
    startScheduler(context),
    startTaintManager(context),
    startApplicationFailover(context),
    startGracefulEviction(context),
    startRebalancer(context),
    startDistribution(context),
    startExecution(context),
    startCollection(context),
    startAggregation(context),
    startServiceExports(context),
    startImportedSlices(context),
    startServiceImports(context),
    startMultiClusterServices(context),
    startServiceCollection(context),
    startDispatch(context),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function byHostname(apiEndpoint: string): string | undefined {
  return URL.canParse(apiEndpoint) ? new URL(apiEndpoint).hostname : undefined;
}

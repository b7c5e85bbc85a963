/**
 * How long Karmada 1.18.2 takes from one thing to the next, in milliseconds. Sources: `m` measured on four real
 * control planes (differences of the measured ends), `s` its flags' defaults or its source.
 */
export interface Timings {
  detectMs: number;
  scheduleMs: number;
  observeMs: number;
  distributeMs: number;
  executeMs: number;
  collectMs: number;
  aggregateMs: number;
  evictMs: number;
  assessEarlyMs: number;
  assessLateMs: number;
  rebalanceMs: number;
  clusterMs: number;
  firstProbeMs: number;
  statusEveryMs: number;
  failureThresholdMs: number;
  probeTimeoutMs: number;
  watchResumeMs: number;
  retryBaseMs: number;
  retryMaxMs: number;
  cleanupCheckMs: number;
}

export const measuredTimings: Timings = {
  /** m: placement edited → binding scheduled 0.14-0.19 s, of it the scheduler's part off. Template or policy → binding. */
  detectMs: 80,
  /** m: "for 60 ms after a taint the sum is 4". Binding → spec.clusters. */
  scheduleMs: 60,
  /** The scheduler's next round, in which it observes what it wrote itself. */
  observeMs: 5,
  /** m: with `executeMs` the 150 ms in which every condition reads fine while no member has changed. Binding → Works. */
  distributeMs: 80,
  /** Work → member. */
  executeMs: 70,
  /** m: pods ready → binding says so, about 0.1 s together with `aggregateMs`. Member → Work status. */
  collectMs: 60,
  /** Work status → binding and template status. */
  aggregateMs: 40,
  /** m: taint → 0/7/2 in 0.07-0.23 s, of it the scheduler's part off. Taint → eviction. */
  evictMs: 60,
  /** m: the race of graceful eviction; early reads the reports of before the move … */
  assessEarlyMs: 20,
  /** … late reads those of after it (later than distribute + execute + collect + aggregate). */
  assessLateMs: 600,
  /** m: rebalancer → 5/3/1 in 0.07-0.13 s, of it the scheduler's part off. */
  rebalanceMs: 40,
  /** m: a merge patch that drops Karmada's own taint is mended after 60 ms. */
  clusterMs: 60,
  /** Later than `clusterMs`: a Cluster that joins is tainted until its first probe, and scheduled to when it loses that. */
  firstProbeMs: 150,
  /** s: --cluster-status-update-frequency. */
  statusEveryMs: 10_000,
  /** s: --cluster-failure-threshold; with the polls m: Ready=False after 32-38 s when refused. */
  failureThresholdMs: 30_000,
  /** s: the client's timeout of a hanging health check; m: Ready=False after 81 s. */
  probeTimeoutMs: 32_000,
  /** s: a broken watch is opened anew with a back-off of about a second. */
  watchResumeMs: 1000,
  /** s: exponential back-off of the work queues: it makes the old Deployment go only 70 s after a 2-minute outage (m). */
  retryBaseMs: 5,
  retryMaxMs: 1_000_000,
  /** s: while a cluster is unjoined. */
  cleanupCheckMs: 1000,
};

/** The way from the fault to healthy users, as milestones; the report draws the time between them as one bar. */
import type { Second } from '../dsl/window.ts';
import type { Journal } from './journal.ts';
import { noticedOf } from './noticed.ts';
import type { Outage } from './outage.ts';
import type { Phases } from './phases.ts';
import { removalsOf } from './removal.ts';
import type { Moved } from './replicas.ts';
import { replicaPoints, type Spread } from './replicas.ts';
import { countOf, secondsOf } from './seconds.ts';

export type MilestoneName = 'noticed' | 'detected' | 'rescheduled' | 'ready' | 'rerouted' | 'healthy';

export interface Milestone {
  name: MilestoneName;
  atMs: number;
  afterMs: number;
  /** What was seen at that moment. */
  evidence: string;
}

/**
 * In order of time: `noticed` the federation calls the victim not Ready, `detected` Karmada's decision is in the binding, `rescheduled` the first replica beyond the
 * steady spread is ready, `ready` all of the new spread are, `rerouted` the last request reached the victim,
 * `healthy` users are. Those that nobody watched are absent, and those that a planned drill had behind it already.
 */
export function milestonesOf(
  journal: Journal,
  phases: Phases,
  moved: Moved,
  outage: Outage | undefined,
): Milestone[] {
  const { faultAtMs } = phases;
  if (faultAtMs === undefined) return [];
  const at = (name: MilestoneName, atMs: number | undefined, evidence: string): Milestone[] =>
    atMs === undefined || atMs < faultAtMs ? [] : [{ name, atMs, afterMs: atMs - faultAtMs, evidence }];
  const placed =
    moved.by === 'drill'
      ? 'the drill had the replicas placed elsewhere'
      : 'Karmada placed the replicas elsewhere';
  return [
    ...noticedOf(journal).flatMap(({ atMs, cluster, why }) =>
      at('noticed', atMs, `the federation called ${cluster} not Ready (${why})`),
    ),
    ...at('detected', moved.atMs, placed),
    ...at('rescheduled', firstGrown(journal, moved), 'the first of the moved replicas was ready'),
    ...at('ready', moved.readyAtMs, 'every replica of the new spread was ready'),
    ...at(
      'rerouted',
      rerouted(journal, phases),
      `the last request reached ${journal.plan.victim ?? 'the victim'}`,
    ),
    ...at('healthy', outage?.healthyAtMs, 'users were healthy, and stayed so'),
  ].sort((a, b) => a.atMs - b.atMs);
}

function firstGrown(journal: Journal, { atMs, steady }: Moved): number | undefined {
  if (atMs === undefined || steady === undefined) return undefined;
  const grown = (ready: Spread) => Object.entries(ready).some(([name, count]) => count > (steady[name] ?? 0));
  return replicaPoints(journal).find((point) => point.atMs >= atMs && grown(point.ready))?.atMs;
}

/** Silence of the victim this long before the way back, or it was never left at all. */
const SILENT_MS = 2_000;

/** A dead cluster answers without a name: what `glb/await-removed` saw of that counts as well. */
function rerouted(journal: Journal, phases: Phases): number | undefined {
  const seen = removalsOf(journal).find(({ backend }) => backend === journal.plan.victim)?.atMs;
  const last = lastRouted(journal, phases);
  if (last === undefined) return seen;
  if (seen === undefined && last > (phases.exercise?.untilMs ?? last) - SILENT_MS) return undefined;
  return Math.max(last, seen ?? 0);
}

/** The victim's last answer before the way back began, by the generator's own clock; undefined without a victim. */
export function lastRouted(journal: Journal, { exercise, faultAtMs }: Phases): number | undefined {
  const { victim } = journal.plan;
  if (victim === undefined || exercise === undefined) return undefined;
  const exact = journal.traffic
    .flatMap((stream) => stream.slices.map((slice) => slice.lastRoutedMs[victim] ?? 0))
    .filter((atMs) => atMs > 0 && atMs < exercise.untilMs);
  const latest = exact.reduce((last, atMs) => Math.max(last, atMs), 0);
  const second = secondsOf(journal).findLast(
    (one) => one.at * 1000 < exercise.untilMs && routedTo(one, victim),
  );
  // A second that the fault cuts counts for the fault: within it nobody knows which came first.
  const counted =
    second === undefined ? 0 : Math.max(second.at * 1000, Math.min(faultAtMs ?? 0, second.at * 1000 + 999));
  const found = Math.max(latest, counted);
  return found < (faultAtMs ?? 1) ? undefined : found;
}

function routedTo({ rows }: Second, victim: string): boolean {
  return countOf(rows, (row) => row.routed === victim) > 0;
}

/** What a drill did to workloads of others, from all that `karmada/watch-tenants` saw in the run. */
import type { Journal } from './journal.ts';
import { type Spread, sameSpread, spreadText } from './replicas.ts';

export interface TenantLoss {
  /** NAMESPACE/NAME */
  workload: string;
  wanted: number;
  /** Most replicas that were missing at once. */
  missing: number;
  /** How long any was, from when it was first seen; still is, when `whole` is false. */
  downMs: number;
  whole: boolean;
  before: Spread;
  after: Spread;
}

interface Seen {
  tenants: { workload: string; wanted: number; spread: Spread }[];
  series: { atMs: number; missing: Spread }[];
}

/** Every workload that was seen, in order of name. */
export function tenantLosses(journal: Journal): TenantLoss[] {
  const looks = journal.steps
    .filter(({ uses }) => uses === 'karmada/watch-tenants')
    .flatMap(({ verbs }) => verbs)
    .sort((a, b) => a.scheduledMs - b.scheduledMs)
    .flatMap(({ result, endedMs }) =>
      result ? [{ ...(result as unknown as Seen), endedMs: endedMs ?? 0 }] : [],
    );
  const points = looks.flatMap(({ series }) => series).sort((a, b) => a.atMs - b.atMs);
  const untilMs = Math.max(0, ...looks.map(({ endedMs }) => endedMs));
  const names = [...new Set(looks.flatMap(({ tenants }) => tenants.map(({ workload }) => workload)))].sort();
  return names.map((workload) => {
    const told = looks.flatMap(({ tenants }) => tenants.filter((one) => one.workload === workload));
    return {
      workload,
      wanted: told[0]!.wanted,
      missing: Math.max(0, ...points.map(({ missing }) => missing[workload] ?? 0)),
      downMs: downMs(points, workload, untilMs),
      whole: (points.at(-1)?.missing[workload] ?? 0) === 0,
      before: told[0]!.spread,
      after: told.at(-1)!.spread,
    };
  });
}

/** Between two points it is as the first one says: a look keeps changes only, and the next begins where it was left. */
function downMs(points: Seen['series'], workload: string, untilMs: number): number {
  return points.reduce((sum, { atMs, missing }, index) => {
    const nextMs = points[index + 1]?.atMs ?? Math.max(untilMs, atMs);
    return (missing[workload] ?? 0) > 0 ? sum + nextMs - atMs : sum;
  }, 0);
}

/** `where it was, aks1 2, aks2 2`, or from where to where. */
export function placeText({ before, after }: TenantLoss): string {
  return sameSpread(before, after)
    ? `where it was, ${spreadText(before)}`
    : `moved from ${spreadText(before)} to ${spreadText(after)}`;
}

/** Replicas per cluster over time, from what `karmada/await-spread` and `kubernetes/await-pods` saw. */
import type { Json } from '../dsl/plan.ts';
import type { MovedBy } from '../workflows/protocol.ts';
import type { Journal, StepEntry, VerbEntry } from './journal.ts';
import { planIndex } from './plan-index.ts';

export type Spread = Record<string, number>;

export interface ReplicaPoint {
  atMs: number;
  /** Ready pods by cluster, as far as this look knew. */
  ready: Spread;
  /** Where Karmada has put them; absent when a look saw one cluster only. */
  replicas?: Spread;
}

/** What `karmada/await-spread` says about how replicas moved. */
interface Movement {
  how: string;
  by: string;
  evidence: string;
}

interface Waited {
  series?: { atMs: number; ready: Spread | number; replicas?: Spread }[];
  movedBy?: Movement;
}

/** All points, in order of time. */
export function replicaPoints(journal: Journal): ReplicaPoint[] {
  return journal.steps
    .flatMap((step) => step.verbs)
    .flatMap(pointsOf)
    .sort((a, b) => a.atMs - b.atMs);
}

/** A wait that failed has its series in the failure. */
function waitedOf(verb: VerbEntry): Waited {
  const seen: Json | undefined = verb.result ?? verb.failure?.evidence;
  return verb.verb === 'look' && seen !== null && typeof seen === 'object' && !Array.isArray(seen)
    ? (seen as Waited)
    : {};
}

function pointsOf(verb: VerbEntry): ReplicaPoint[] {
  const { series } = waitedOf(verb);
  if (!Array.isArray(series)) return [];
  return series.flatMap((point): ReplicaPoint[] => {
    if (typeof point.ready === 'number') {
      const cluster = (verb.input as { cluster?: string } | null)?.cluster;
      return cluster === undefined ? [] : [{ atMs: point.atMs, ready: { [cluster]: point.ready } }];
    }
    // `karmada/await-clusters` lists names.
    if (typeof point.ready !== 'object' || Array.isArray(point.ready)) return [];
    return [
      {
        atMs: point.atMs,
        ready: point.ready,
        ...(point.replicas !== undefined && { replicas: point.replicas }),
      },
    ];
  });
}

export interface Moved {
  by: MovedBy;
  /** By which mechanism, e.g. `application-failover`, where the wait could tell. */
  how?: string;
  evidence: string;
  /** When Karmada's decision was first seen to differ from the steady state. */
  atMs?: number;
  /** When every replica of the new spread was first seen ready. */
  readyAtMs?: number;
  steady?: Spread;
  reached?: Spread;
}

/**
 * Who moved replicas in the exercise. `drill`: a mover step had begun before the spread changed, or the wait saw
 * our own hand in it. `person`: it saw somebody else's. `karmada`: replicas moved and neither is true. `nobody`:
 * they stayed, or nobody watched.
 */
export function movedOf(journal: Journal): Moved {
  const watched = exerciseOf(journal);
  const points = spreadsWatched(journal);
  const steady = steadyOf(journal, points);
  if (points.length === 0 || steady === undefined)
    return { by: 'nobody', evidence: 'no step watched the spread' };

  const change = points.find((point) => !sameSpread(point.replicas ?? {}, steady));
  const reached = points.at(-1)?.replicas ?? steady;
  if (change === undefined)
    return { by: 'nobody', evidence: `the spread stayed ${spreadText(steady)}`, steady, reached };
  const ready = points.find((point) => point.atMs >= change.atMs && sameSpread(point.ready, reached));
  return {
    ...moverOf(journal, watched, change.atMs),
    atMs: change.atMs,
    ...(ready !== undefined && { readyAtMs: ready.atMs }),
    steady,
    reached,
  };
}

function exerciseOf(journal: Journal): StepEntry[] {
  const index = planIndex(journal.plan);
  return journal.steps.filter(
    (step) => index.find(step.path)?.section === 'steps' && !step.path.startsWith('final.'),
  );
}

/** What the exercise's own waits saw of Karmada's placement, in order of time. */
export function spreadsWatched(journal: Journal): ReplicaPoint[] {
  return exerciseOf(journal)
    .flatMap((step) => step.verbs.flatMap(pointsOf))
    .filter((point) => point.replicas !== undefined)
    .sort((a, b) => a.atMs - b.atMs);
}

/** The spread before the exercise: the last one seen until then, or the first one seen at all. */
function steadyOf(journal: Journal, points: ReplicaPoint[]): Spread | undefined {
  const beginMs = journal.sections.steps ?? journal.faultAtMs ?? Number.POSITIVE_INFINITY;
  const before = replicaPoints(journal).findLast(
    (point) => point.replicas !== undefined && point.atMs <= beginMs,
  );
  return before?.replicas ?? points[0]?.replicas;
}

function moverOf(
  journal: Journal,
  watched: StepEntry[],
  changedMs: number,
): Pick<Moved, 'by' | 'how' | 'evidence'> {
  const index = planIndex(journal.plan);
  const hand = watched.find((step) => {
    const node = index.find(step.path)?.node;
    const act = step.verbs.find((verb) => verb.verb === 'act');
    return (
      node?.type === 'step' &&
      node.mover &&
      act !== undefined &&
      (act.startedMs ?? act.scheduledMs) <= changedMs
    );
  });
  if (hand !== undefined)
    return {
      by: 'drill',
      evidence: `“${hand.title}” had begun before the spread changed; automatic failover was not tested`,
    };
  const told = watched
    .flatMap((step) => step.verbs.map((verb) => waitedOf(verb).movedBy))
    .find((movement) => movement !== undefined && movement.how !== 'unmoved');
  if (told === undefined)
    return { by: 'karmada', evidence: 'replicas moved without a step or a person that moved them' };
  return {
    by: told.by === 'person' || told.by === 'drill' ? told.by : 'karmada',
    how: told.how,
    evidence: told.evidence,
  };
}

export function sameSpread(a: Spread, b: Spread): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (name) => (a[name] ?? 0) === (b[name] ?? 0),
  );
}

/** `aks1 5, aks2 3, k3s 1`; a cluster without any is not named. */
export function spreadText(spread: Spread): string {
  return Object.entries(spread)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

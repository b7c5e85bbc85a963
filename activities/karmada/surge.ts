/**
 * Make before break: re-places replicas so that the wanted number is ready all the time. Replicas go up, weights
 * are shifted, the final placement is written, replicas go back, each after the one before has settled.
 *
 * Why it holds: dividing by weights that are the wanted numbers, of their own sum, gives exactly those numbers;
 * and Webster's method never takes a seat away when replicas grow. Between two stages every cluster keeps the
 * smaller of its two numbers, and those sum to at least the wanted number (a property test holds it).
 */
import type { Cluster, Placement, Spread } from '../ports/federation.ts';
import { landingOn, placementOf, sameSpread, spreadBy, sumOf } from './placement.ts';

/**
 * What is to be written in the policy and in the workload while a stage lasts, and the spread that must come of
 * it where that can be told from the start of it.
 */
export type Stage = { placement: Placement; replicas: number; spread?: Spread };

export type SurgePlan = {
  /** As it is now. */
  spread: Spread;
  /** As it will be. */
  target: Spread;
  stages: Stage[];
  /**
   * The cluster that is being left: its pods need not be ready on the way, and cannot be when its nodes are
   * drained. The others hold the wanted number before it is dropped.
   */
  leaving?: string;
};

/**
 * @param now what is placed, and by what.
 * @param final the placement and replicas in the end.
 * @returns undefined when a placement does not divide by static weights.
 */
export function planSurge(
  now: { spread: Spread; placement: Placement; replicas: number },
  final: { placement: Placement; replicas: number },
  clusters: Cluster[],
  uid: string,
): SurgePlan | undefined {
  const target = spreadBy(final.placement, clusters, final.replicas, uid);
  const present = spreadBy(now.placement, clusters, now.replicas, uid);
  if (!target || !present) return undefined;
  const { spread } = now;
  const both: Spread = Object.fromEntries(
    [...new Set([...Object.keys(spread), ...Object.keys(target)])].map((name) => [
      name,
      Math.max(spread[name] ?? 0, target[name] ?? 0),
    ]),
  );
  const high = sumOf(both);
  // Any edit makes the scheduler divide anew: where that would not give what is there, what is there is written first.
  const landing = landingOn(final.placement, clusters);
  const drifted = !sameSpread(present, spread);
  const held = drifted ? placementOf(now.placement, spread) : now.placement;
  const stages: Stage[] = [
    ...(drifted ? [{ placement: held, replicas: sumOf(spread), spread }] : []),
    ...(high === now.replicas ? [] : [{ placement: held, replicas: high }]),
    { placement: placementOf(now.placement, both), replicas: high, spread: both },
    ...(high === final.replicas ? [] : [{ placement: landing, replicas: high }]),
    ...ending(landing, final, target),
  ];
  return { spread, target, stages: sameSpread(spread, target) ? stages.slice(-1) : stages };
}

/**
 * The plain way to where ordered affinities begin: with as many replicas missing as move, for as long as a pod takes
 * to start.
 */
export function planLanding(
  now: { spread: Spread; replicas: number },
  final: { placement: Placement; replicas: number },
  clusters: Cluster[],
  uid: string,
): SurgePlan | undefined {
  const target = spreadBy(final.placement, clusters, final.replicas, uid);
  if (!target) return undefined;
  const stages = ending(landingOn(final.placement, clusters), final, target);
  return { spread: now.spread, target, stages };
}

/** Of ordered affinities first the group that is meant, then all of them. */
function ending(
  landing: Placement,
  final: { placement: Placement; replicas: number },
  target: Spread,
): Stage[] {
  const last = { ...final, spread: target };
  return landing === final.placement ? [last] : [{ ...last, placement: landing }, last];
}

/** Causes about what left the victim, where it went and who sent it: replicas and users. */
import type { Journal } from '../journal.ts';
import { planIndex } from '../plan-index.ts';
import { type Moved, movedOf, spreadsWatched } from '../replicas.ts';
import type { Cause } from './cause.ts';

export function moveCauses(journal: Journal): Cause[] {
  const moved = movedOf(journal);
  return [
    ...unmoved(journal, moved),
    ...cascaded(journal, moved),
    ...(moved.by === 'person' ? [movedByHand(moved)] : []),
    ...removedByHand(journal),
  ];
}

/** What `karmada/await-spread` puts before its reasons. */
const NOTHING_MOVED = 'nothing moved: ';

/** A wait for a new spread that ended with the old one: nothing moved, and why as far as the wait knew. */
function unmoved(journal: Journal, moved: Moved): Cause[] {
  if (moved.by !== 'nobody' || moved.steady === undefined) return [];
  const index = planIndex(journal.plan);
  const waited = journal.steps.find(
    ({ path, uses, verbs }) =>
      uses === 'karmada/await-spread' &&
      index.find(path)?.section === 'steps' &&
      verbs.at(-1)?.failure?.type === 'deviated',
  );
  const last = waited?.verbs.at(-1);
  if (waited === undefined || last === undefined) return [];
  const why = last.failure?.what.split(NOTHING_MOVED)[1];
  const plain = `Nothing moved: ${moved.evidence} although ${journal.plan.victim ?? 'a cluster'} was lost`;
  return [
    {
      kind: 'nothing-moved',
      atMs: last.endedMs ?? 0,
      path: waited.path,
      text: why === undefined ? plain : `${plain}; ${why}`,
      remedy: last.failure?.remedy ?? '',
    },
  ];
}

/** Failover that emptied a survivor as well: its healthy pods went with those that found no place there. */
function cascaded(journal: Journal, { by, steady = {} }: Moved): Cause[] {
  const { victim } = journal.plan;
  if (by !== 'karmada' || victim === undefined) return [];
  const watched = spreadsWatched(journal);
  return Object.entries(steady).flatMap(([cluster, had]): Cause[] => {
    const emptied = watched.find(({ replicas }) => (replicas?.[cluster] ?? 0) === 0);
    if (cluster === victim || had === 0 || emptied === undefined) return [];
    const text = `Failover took ${cluster} down as well: it was not lost, had ${had} replicas, and all of them were evicted; Karmada counts a survivor whose new pods are not ready in time as failed too`;
    const remedy = `Give ${cluster} room for what ${victim} had, and let tolerationSeconds be well over the time a pod takes to start`;
    return [{ kind: 'cascade', atMs: emptied.atMs, path: '', text, remedy }];
  });
}

/** What a person did in the middle of it is no recovery of the system's own, however well users fared. */
function movedByHand({ atMs = 0, evidence }: Moved): Cause {
  return {
    kind: 'meddled',
    atMs,
    path: '',
    text: `Somebody moved the replicas by hand (${evidence}): the recovery measured is not the system's own`,
    remedy: 'Drill again while nobody works on the fleet',
  };
}

/** Unless the runbook itself takes backends out of the load balancer. */
function removedByHand(journal: Journal): Cause[] {
  const index = planIndex(journal.plan);
  const exercise = journal.steps.filter(({ path }) => index.find(path)?.section === 'steps');
  const routes = exercise.some(({ path, verbs }) => {
    const node = index.find(path)?.node;
    return node?.type === 'step' && node.undoPhase === 'routing' && verbs.some((verb) => verb.verb === 'act');
  });
  if (routes) return [];
  return exercise.flatMap(({ path, title, verbs }): Cause[] => {
    const last = verbs.at(-1);
    if ((last?.result as { by?: string } | null | undefined)?.by !== 'configuration') return [];
    const text = `“${title}”: somebody took it out of the load balancer by hand, its probes did not decide`;
    return [
      {
        kind: 'meddled',
        atMs: last?.endedMs ?? 0,
        path,
        text,
        remedy: 'Drill again while nobody works on the load balancer',
      },
    ];
  });
}

/** When the federation came to call a member not Ready, from what `karmada/await-clusters` watched in the exercise. */
import type { Journal } from './journal.ts';
import { planIndex } from './plan-index.ts';

export interface Noticed {
  cluster: string;
  /** Epoch ms: when the wait saw it, or by the federation's clock when it held before the wait began. */
  atMs: number;
  /** Reason and message of the Ready condition. */
  why: string;
}

interface Watched {
  series?: { atMs: number; ready: string[] }[];
  noticed?: { cluster: string; ready: boolean; why: string; atMs: number }[];
}

export function noticedOf(journal: Journal): Noticed[] {
  const index = planIndex(journal.plan);
  return journal.steps
    .filter(({ path, uses }) => uses === 'karmada/await-clusters' && index.find(path)?.section === 'steps')
    .flatMap(({ verbs }) => verbs.flatMap(({ result }) => lostOf((result ?? {}) as Watched)));
}

function lostOf({ series = [], noticed = [] }: Watched): Noticed[] {
  return noticed
    .filter(({ ready }) => !ready)
    .map(({ cluster, why, atMs }) => {
      const without = series.findIndex(({ ready }) => !ready.includes(cluster));
      return { cluster, why, atMs: without > 0 ? series[without]!.atMs : atMs };
    });
}

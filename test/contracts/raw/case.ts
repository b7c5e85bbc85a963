/** One thing a client does to an API server, and what it can see of the answer. */
import type { Any, Api } from './api.ts';

/** Does it, and returns what a client can see: answers, or what it made of them. Compared after `normalise`. */
export type Case = (api: Api) => Promise<unknown>;

export interface Area {
  title: string;
  plane: 'member' | 'federation';
  /** By what the case shows, in a few words. */
  cases: Record<string, Case>;
}

/** Asks again until the answer fits; throws with the last answer after 90 s: a loaded rig takes its time. */
export async function until<T>(look: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> {
  for (const endMs = Date.now() + 90_000; ; ) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (Date.now() > endMs) throw new Error(`never so in 90 s, last: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const names = (list: Any): string[] => list.body.items.map((item: Any) => item.metadata.name);

/** What a watcher of the load balancer has seen so far: small, and carried over a crash by the heartbeat. */
import { z } from 'zod';
import type { Json } from '../../dsl/plan.ts';
import { isUnattributedFailure } from './removal.ts';
import type { Sample } from './sampling.ts';

export const seenSchema = z.object({
  /** Epoch ms of the first request. */
  firstMs: z.number(),
  requests: z.number(),
  /** Requests that got any HTTP answer. */
  answered: z.number(),
  failures: z.record(z.string(), z.number()),
  lastVictimMs: z.number().optional(),
  lastUnattributedMs: z.number().optional(),
  /** Per second: who routed how many ('' for nobody). The last ten minutes. */
  series: z.array(z.object({ at: z.number(), routed: z.record(z.string(), z.number()) })),
});
export type Seen = z.infer<typeof seenSchema>;

const KEPT_SECONDS = 600;

export function createSeen(victim: string, previous: Json | undefined) {
  const seen: Seen = seenSchema.safeParse(previous).data ?? {
    firstMs: Date.now(),
    requests: 0,
    answered: 0,
    failures: {},
    series: [],
  };
  return {
    /** Returns what to keep. */
    add(one: Sample): Json {
      seen.requests += 1;
      if (one.answered) seen.answered += 1;
      if (one.class !== 'ok') seen.failures[one.class] = (seen.failures[one.class] ?? 0) + 1;
      if (one.routed === victim) seen.lastVictimMs = Math.max(seen.lastVictimMs ?? 0, one.sentMs);
      if (isUnattributedFailure(one)) seen.lastUnattributedMs = one.sentMs;
      count(seen.series, one);
      return seen as unknown as Json;
    },
    summary: (): Seen => structuredClone(seen),
  };
}

function count(series: Seen['series'], { sentMs, routed }: Sample): void {
  const at = Math.floor(sentMs / 1000);
  let last = series.at(-1);
  if (last?.at !== at) {
    last = { at, routed: {} };
    series.push(last);
    if (series.length > KEPT_SECONDS) series.shift();
  }
  last.routed[routed] = (last.routed[routed] ?? 0) + 1;
}

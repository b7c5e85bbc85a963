/** Watches the lab from outside while everything else is being killed: what was cordoned, how often, and what ran. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterOverview } from '../../lab/overview.ts';
import type { Checkout } from './checkout.ts';

const LOOK_EVERY_MS = 50;

export type Overview = Record<string, ClusterOverview>;

export interface Seen {
  /** Turns from schedulable to cordoned, by `cluster/node`. */
  cordons: Record<string, number>;
  /** Ready replicas of the workload by cluster, one entry a change. */
  spreads: Record<string, number>[];
}

export interface Witness {
  /** Resolves at the first turn of that sort. */
  saw(turn: 'cordon' | 'uncordon'): Promise<void>;
  stop(): Promise<Seen>;
}

export function witness(checkout: Checkout, workload: string): Witness {
  const seen: Seen = { cordons: {}, spreads: [] };
  const turns = { cordon: turn(), uncordon: turn() };
  let schedulable: Record<string, boolean> = {};
  /** The lab was not there at the last look. */
  let missed = false;
  let stopped = false;

  function take(overview: Overview): void {
    const spread = Object.fromEntries(
      Object.entries(overview).map(([cluster, { deployments }]) => [
        cluster,
        deployments[workload]?.ready ?? 0,
      ]),
    );
    if (JSON.stringify(spread) !== JSON.stringify(seen.spreads.at(-1))) seen.spreads.push(spread);
    const now = nodesOf(overview);
    for (const [node, is] of Object.entries(now)) {
      if (schedulable[node] === true && !is) {
        seen.cordons[node] = (seen.cordons[node] ?? 0) + 1;
        turns.cordon.happened();
      }
      if (schedulable[node] === false && is) {
        if (missed) seen.cordons[node] = (seen.cordons[node] ?? 0) - 1;
        else turns.uncordon.happened();
      }
    }
    schedulable = now;
    missed = false;
  }

  async function watch(): Promise<void> {
    while (!stopped) {
      // A lab that is killed comes back with what it had written, which is up to 0.2 s old: a node that is cordoned
      // no more after that was never uncordoned, the lab has forgotten (as etcd would not).
      await checkout.lab<Overview>('GET', '/state').then(take, () => {
        missed = true;
      });
      await sleep(LOOK_EVERY_MS);
    }
  }
  const watching = watch();
  return {
    saw: (name) => turns[name].once,
    async stop() {
      stopped = true;
      await watching;
      return seen;
    },
  };
}

export function nodesOf(overview: Overview): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(overview).flatMap(([cluster, { nodes }]) =>
      nodes.map(({ name, schedulable }) => [`${cluster}/${name}`, schedulable]),
    ),
  );
}

function turn(): { once: Promise<void>; happened(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { once: promise, happened: resolve };
}

import type { Clock } from '../clock.ts';
import type { MemoryStore } from '../kubernetes/store.ts';
import type { World } from '../world.ts';
import type { Timings } from './timings.ts';

/** What no API of a real Karmada shows either: its flags, and how a race that it runs ends. */
export interface KarmadaSettings {
  /** Feature gate Failover of the controller manager; off by default in a real Karmada, on in the lab. */
  failover: boolean;
  /** --enable-no-execute-taint-eviction; NoExecute taints move nothing unless this and `failover` are on. */
  noExecuteTaintEviction: boolean;
  /** Feature gate MultiClusterService; off by default in a real Karmada, on in the lab. */
  multiClusterService: boolean;
  /**
   * Whether a graceful eviction is judged by the reports of before the move (`lose`: the old pods go at once; 6 of
   * 10 measured runs) or of after it (`keep`: they stay until the new ones are ready; 4 of 10).
   */
  ungracefulRace: 'lose' | 'keep' | 'alternate';
}

/** What every controller of the lab's Karmada is given. */
export interface Context {
  world: World;
  federation: MemoryStore;
  clock: Clock;
  timings: Timings;
  /** Read when needed: it may change while the lab runs. */
  settings(): KarmadaSettings;
  /** Name of the member whose API server has this address. */
  memberAt(apiEndpoint: string): string | undefined;
  /** An error nobody expected: told, then retried like any other. */
  report(error: unknown, where: string): void;
}

/** An expected failure: the work queue tries again later, with back-off. */
export class Retry extends Error {}

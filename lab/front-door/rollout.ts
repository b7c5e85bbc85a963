/** Brings configuration to the points of presence: one after the other, the last after the whole delay. */
import type { Faults } from '../faults.ts';
import type { Delivery } from './delivery.ts';
import type { Pop } from './pop.ts';
import type { FrontDoorSettings } from './settings.ts';

export interface Rollout {
  begin(deliveries: Delivery[]): void;
  close(): void;
}

const SLOW_MS = 60_000;

export function createRollout(
  pops: Pop[],
  settings: Pick<FrontDoorSettings, 'rolloutMs'>,
  faults: Faults,
): Rollout {
  const timers = new Set<NodeJS.Timeout>();
  return {
    begin(deliveries) {
      const slow = faults.matching('management-slow-rollout', 'front-door');
      const wholeMs = slow ? Number(slow.options.delayMs ?? SLOW_MS) : settings.rolloutMs;
      pops.forEach((pop, index) => {
        const timer = setTimeout(
          () => {
            timers.delete(timer);
            pop.apply(deliveries);
          },
          (wholeMs * (index + 1)) / pops.length,
        );
        timers.add(timer);
      });
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

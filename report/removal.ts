/** Removal from the load balancer: what its probe settings predict, beside what `glb/await-removed` measured. */
import type { Json } from '../dsl/plan.ts';
import type { Journal } from './journal.ts';

export interface Removal {
  backend: string;
  predicted: { minMs: number; maxMs: number };
  /** After the fault. */
  measuredMs: number;
}

interface Seen {
  predicted: { minMs: number; maxMs: number };
  removedAtMs: number;
}

export function removalsOf(journal: Journal): Removal[] {
  const faultAtMs = journal.faultAtMs;
  if (faultAtMs === undefined) return [];
  return journal.steps.flatMap(({ verbs }) =>
    verbs.flatMap(({ verb, input, result }) => {
      if (verb !== 'look' || !isRemoval(result)) return [];
      const backend = (input as { backend?: string } | null)?.backend ?? journal.plan.victim ?? 'the backend';
      return [
        { backend, predicted: result.predicted, measuredMs: Math.max(result.removedAtMs - faultAtMs, 0) },
      ];
    }),
  );
}

function isRemoval(value: Json | undefined): value is Json & Seen {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { predicted, removedAtMs } = value as Partial<Seen>;
  return (
    typeof removedAtMs === 'number' &&
    typeof predicted?.minMs === 'number' &&
    typeof predicted.maxMs === 'number'
  );
}

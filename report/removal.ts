/** Removal from the load balancer: what its probe settings predict, beside what `glb/await-removed` measured. */
import type { Json } from '../dsl/plan.ts';
import type { Journal } from './journal.ts';

export interface Removal {
  backend: string;
  predicted: { minMs: number; maxMs: number };
  /** Epoch ms of the last request that still reached the backend, or failed without anybody's name. */
  atMs: number;
  /** After the fault. */
  measuredMs: number;
}

interface Seen {
  predicted: Removal['predicted'];
  lastVictimMs?: number;
  lastUnattributedMs?: number;
}

/** Those of the exercise. A look that saw nothing any more began after the removal and measured none. */
export function removalsOf(journal: Journal): Removal[] {
  const { faultAtMs } = journal;
  if (faultAtMs === undefined) return [];
  return journal.steps.flatMap(({ verbs }) =>
    verbs.flatMap(({ verb, input, result }) => {
      if (verb !== 'look' || !isRemoval(result)) return [];
      const atMs = Math.max(result.lastVictimMs ?? 0, result.lastUnattributedMs ?? 0);
      // What was left before the fault was not left because of it.
      if (atMs < faultAtMs) return [];
      const backend = (input as { backend?: string } | null)?.backend ?? journal.plan.victim ?? 'the backend';
      return [{ backend, predicted: result.predicted, atMs, measuredMs: Math.max(atMs - faultAtMs, 0) }];
    }),
  );
}

function isRemoval(value: Json | undefined): value is Json & Seen {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { predicted } = value as Partial<Seen>;
  return typeof predicted?.minMs === 'number' && typeof predicted.maxMs === 'number';
}

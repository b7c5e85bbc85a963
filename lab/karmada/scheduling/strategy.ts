import type { Placement } from '../types.ts';

export type Strategy = 'Duplicated' | 'StaticWeight' | 'DynamicWeight' | 'Aggregated';

/** What a placement asks for; nothing asked is Duplicated, and Divided without a preference by weights. */
export function strategyOf(placement: Placement | undefined): Strategy {
  const scheduling = placement?.replicaScheduling;
  if (scheduling?.replicaSchedulingType !== 'Divided') return 'Duplicated';
  if (scheduling.replicaDivisionPreference === 'Aggregated') return 'Aggregated';
  return scheduling.weightPreference?.dynamicWeight ? 'DynamicWeight' : 'StaticWeight';
}

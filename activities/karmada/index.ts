/** What a drill does with, and sees of, the Karmada federation. */
import type { Kind } from '../kind.ts';
import { apply } from './apply.ts';
import { awaitClusters } from './await-clusters.ts';
import { awaitSpread } from './await-spread.ts';
import { checkOverride } from './check-override.ts';
import { evacuate } from './evacuate.ts';
import { join } from './join.ts';
import { rebalance } from './rebalance.ts';
import { unjoin } from './unjoin.ts';
import { watchTenants } from './watch-tenants.ts';

export const karmadaKinds: Kind[] = [
  apply,
  awaitClusters,
  awaitSpread,
  checkOverride,
  evacuate,
  join,
  rebalance,
  unjoin,
  watchTenants,
];

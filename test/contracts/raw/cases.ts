/** Every area, in the order of the page. */
import { access } from './areas/access.ts';
import { applies } from './areas/applies.ts';
import { bindings } from './areas/bindings.ts';
import { clusters } from './areas/clusters.ts';
import { creates } from './areas/creates.ts';
import { customs } from './areas/customs.ts';
import { defaults } from './areas/defaults.ts';
import { deletions } from './areas/deletions.ts';
import { discovery } from './areas/discovery.ts';
import { evictions } from './areas/evictions.ts';
import { leases } from './areas/leases.ts';
import { lists } from './areas/lists.ts';
import { nodes } from './areas/nodes.ts';
import { patches } from './areas/patches.ts';
import { policies } from './areas/policies.ts';
import { reads } from './areas/reads.ts';
import { subresources } from './areas/subresources.ts';
import { updates } from './areas/updates.ts';
import { watches } from './areas/watches.ts';
import type { Area } from './case.ts';

export const areas: readonly Area[] = [
  ...[reads, lists, watches, creates, defaults, updates, patches, applies, deletions, subresources],
  ...[evictions, nodes, leases, access, discovery, customs],
  ...[clusters, policies, bindings],
];

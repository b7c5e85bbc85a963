/** The rig that `npm run test:rig` started, as the fleet file of the checkout has it. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openPorts } from '../../adapters/open.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { parseFleet } from '../../dsl/fleet-file.ts';
import type { OpenTier } from '../rights/suite.ts';
import { rigKubeconfig } from './planes.ts';

/** As its administrator. */
export function openRig(): OpenTier {
  const fleet = rigFleet();
  return { fleet, ports: openPorts(fleet), close: async () => undefined };
}

function rigFleet(): Fleet {
  process.env['FIREDRILL_HOME'] = dirname(dirname(rigKubeconfig()));
  const file = 'fleets/rig.yaml';
  const { fleet, problems } = parseFleet(file, readFileSync(file, 'utf8'));
  if (fleet === undefined) throw new Error(JSON.stringify(problems));
  return fleet;
}

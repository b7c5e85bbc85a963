/** The sandbox's side of the control API. */
import type { Server } from 'node:http';
import { comparable } from './comparison.ts';
import { serveControl } from './control-api.ts';
import { faultKinds } from './faults.ts';
import { karmadaChanges } from './karmada/settings.ts';
import { overview } from './overview.ts';
import type { World } from './world.ts';

export interface ControlSources {
  world: World;
  /** Settings by part, each changed in place: `world` takes them itself. */
  karmada: object;
  log(member: string): unknown;
  pops(): unknown;
  /** What the Front Doors are configured to, by resource. */
  frontDoor(): Record<string, unknown>;
  /** Told of changed settings, so that they are kept. */
  configured(): void;
}

export function createControl({ world, karmada, log, pops, frontDoor, configured }: ControlSources): Server {
  const { faults } = world;
  return serveControl({
    kinds: Object.keys(faultKinds),
    faults: faults.active,
    break: faults.add,
    mend: faults.remove,
    state: () => overview(world),
    objects: () => ({ ...comparable(world), 'front-door': frontDoor() }),
    settings: () => ({ ...world.settings, karmada }),
    configure({ karmada: changes, ...rest }) {
      // Checked first: nothing is changed by a request that is wrong in part.
      const checked = changes === undefined ? {} : karmadaChanges(changes);
      world.configure(rest);
      Object.assign(karmada, checked);
      configured();
    },
    log,
    pops,
  });
}

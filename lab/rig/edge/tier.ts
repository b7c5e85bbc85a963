/** The rig's side of the control API: its faults come about in real processes, doors and nodes. */
import { comparablePlane } from '../../comparison.ts';
import type { Tier } from '../../control-api.ts';
import type { Edge } from '../../edge/edge.ts';
import type { Faults } from '../../faults.ts';
import type { FrontDoor } from '../../front-door/start.ts';
import { overview } from '../../overview.ts';
import { type PodLife, usualLife } from '../stages.ts';
import type { ApiClient } from './api-client.ts';
import type { Door } from './door.ts';
import { controllersOf, effectsOf, shortName } from './effects.ts';
import { createEnactor } from './enact.ts';
import { refuse, rigFaultKinds, type Targets } from './fault-kinds.ts';
import { restartKwok, switchNodes } from './kwok.ts';
import type { Machines } from './machines.ts';
import type { Mirror } from './mirror.ts';
import { objectsOf } from './objects.ts';
import { createRigSettings } from './settings.ts';

export interface RigTierOptions {
  /** By plane. */
  doors: Record<string, Door>;
  machines: Machines;
  writeStages(member: string, life: PodLife): void;
  faults: Faults;
  /** By member. */
  mirrors: Record<string, Mirror>;
  federation: ApiClient;
  edge: Edge;
  frontDoor: FrontDoor;
}

export interface RigTier extends Tier {
  /** Takes every fault away. */
  close(): Promise<void>;
}

export function createRigTier(options: RigTierOptions): RigTier {
  const { faults, mirrors, federation, edge, frontDoor, doors, machines, writeStages } = options;
  const [planes, members] = [Object.keys(doors), Object.keys(mirrors)];
  const settings = createRigSettings(usualLife, members);
  const processes = () => machines.list().map(({ name }) => name);
  const wanted = () =>
    effectsOf(faults.active(), { planes, members, processes: processes(), usual: settings.life });
  const live = (member: string, life: PodLife) =>
    restartKwok(mirrors[member] as Mirror, machines, life, writeStages);
  const enactor = createEnactor({ machines, doors, live }, wanted());
  const nodes = Object.values(mirrors).map((mirror) => switchNodes(mirror, faults));

  const targets: Targets = {
    planes,
    members,
    pops: frontDoor.settings.pops,
    nodes: () =>
      Object.entries(mirrors).flatMap(([member, mirror]) =>
        mirror.list('core/nodes').map(({ metadata }) => `${member}/${metadata.name}`),
      ),
    controllers: (plane) => controllersOf(plane, processes()).map(shortName),
  };

  /** Taken from the list, while what they broke may not run yet: who asks again waits for that, too. */
  const unfinished = new Set<string>();

  async function enact(): Promise<void> {
    await Promise.all([enactor.enact(wanted()), ...nodes.map((each) => each.settle())]);
  }

  return {
    kinds: Object.keys(rigFaultKinds),
    faults: faults.active,
    async break(fault) {
      refuse(fault, targets);
      const id = faults.add(fault);
      try {
        await enact();
      } catch (error) {
        faults.remove(id);
        // What cannot be taken back either is tried again with the next fault; the first failure says why.
        await enact().catch(() => undefined);
        throw error;
      }
      return id;
    },
    async mend(id) {
      if (faults.remove(id)) unfinished.add(id);
      else if (!unfinished.has(id)) return false;
      await enact();
      unfinished.delete(id);
      return true;
    },
    state: () => overview({ members: mirrors, faults }),
    async objects() {
      const clients = {
        ...Object.fromEntries(members.map((name) => [name, mirrors[name]?.client])),
        federation,
      };
      const listed = Object.entries(clients).map(async ([name, client]) => [
        name,
        comparablePlane(await objectsOf(client as ApiClient)),
      ]);
      return { ...Object.fromEntries(await Promise.all(listed)), 'front-door': frontDoor.resources() };
    },
    settings: settings.read,
    async configure(changes) {
      settings.change(changes);
      await enact();
    },
    log: edge.log,
    pops: frontDoor.pops,
    async close() {
      for (const { id } of faults.active()) faults.remove(id);
      await enact().catch((error: Error) =>
        console.error(`faults could not be taken away: ${error.message}`),
      );
      for (const each of nodes) each.close();
    },
  };
}

/** The clusters of the lab and their federation, without any address: stores, settings, faults, controllers. */
import { type Clock, systemClock } from './clock.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { createStore, type MemoryStore, type StoreState } from './kubernetes/store.ts';
import { type Settings, type SettingsInput, settingsFrom } from './settings.ts';

export interface World {
  /** By cluster name, in the order they were given. */
  members: Record<string, MemoryStore>;
  federation: MemoryStore;
  settings: Settings;
  faults: Faults;
  clock: Clock;
  /** Stops the controllers; the stores can still be read. */
  stop(): void;
}

export interface WorldState {
  stores: Record<string, StoreState>;
  faults: Fault[];
  settings: Settings;
}

export interface WorldOptions {
  /** Names of the member clusters; default aks1, aks2, k3s. */
  members?: string[];
  settings?: SettingsInput;
  clock?: Clock;
  /** What a killed lab left. */
  state?: WorldState | undefined;
}

export const FEDERATION = 'federation';

export function createWorld(options: WorldOptions = {}): World {
  const clock = options.clock ?? systemClock;
  const names = options.members ?? ['aks1', 'aks2', 'k3s'];
  const store = (name: string) => createStore(name, { clock, state: options.state?.stores[name] });
  const world: World = {
    members: Object.fromEntries(names.map((name) => [name, store(name)])),
    federation: store(FEDERATION),
    settings: settingsFrom(options.state?.settings ?? options.settings ?? {}),
    faults: createFaults(options.state?.faults),
    clock,
    stop: () => undefined,
  };
  return world;
}

/** What `createWorld` goes on from. */
export function worldState(world: World): WorldState {
  const stores = [world.federation, ...Object.values(world.members)];
  return {
    stores: Object.fromEntries(stores.map((store) => [store.name, store.state()])),
    faults: world.faults.active(),
    settings: world.settings,
  };
}

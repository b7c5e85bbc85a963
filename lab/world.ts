/** The clusters of the lab and their federation, without any address: stores, settings, faults, controllers. */
import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from './clock.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { startMemberControllers, startPlaneControllers } from './kubernetes/controllers/all.ts';
import type { Cluster } from './kubernetes/controllers/controller.ts';
import { resizeNodes } from './kubernetes/node-size.ts';
import type { Plane } from './kubernetes/plane.ts';
import { seedMember, seedNeighbour, seedPlane } from './kubernetes/seed.ts';
import { createStore, type MemoryStore, type StoreState } from './kubernetes/store.ts';
import { createTokens } from './kubernetes/tokens.ts';
import { type Settings, type SettingsInput, settingsFrom, settingsOf } from './settings.ts';

export interface World {
  /** By cluster name, in the order they were given. */
  members: Record<string, MemoryStore>;
  federation: MemoryStore;
  /** By cluster name, `federation` included: what an API server of it needs. */
  planes: Record<string, Plane>;
  /** Bearer token of every plane's administrator. */
  adminToken: string;
  settings: Settings;
  faults: Faults;
  clock: Clock;
  /** Changes settings while the lab runs: delays hold from now on, nodes get their new size at once. */
  configure(changes: SettingsInput): void;
  /** Stops the controllers; the stores can still be read. */
  stop(): void;
}

export interface WorldState {
  stores: Record<string, StoreState>;
  faults: Fault[];
  settings: Settings;
  adminToken: string;
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
  const { clock = systemClock, members: names = ['aks1', 'aks2', 'k3s'], state } = options;
  const settings = settingsFrom(options.settings ?? {}, state?.settings);
  const faults = createFaults(state?.faults);
  const adminToken = state?.adminToken ?? randomBytes(24).toString('base64url');

  function plane(name: string): Plane {
    const store = createStore(name, { clock, state: state?.stores[name] });
    const federation = name === FEDERATION;
    return { store, clock, faults, federation, tokens: createTokens(store, adminToken, clock) };
  }
  const planes = Object.fromEntries([...names, FEDERATION].map((name) => [name, plane(name)]));
  const storeOf = (name: string) => (planes[name] as Plane).store;

  if (state === undefined) {
    seedPlane(storeOf(FEDERATION));
    for (const [index, name] of names.entries())
      seedMember(storeOf(name), 240 + index, settingsOf(settings, name));
    if (names[0] !== undefined) seedNeighbour(storeOf(names[0]));
  }
  const stops = Object.entries(planes).map(([name, { store, tokens }]) => {
    const cluster: Cluster = { name, store, clock, faults, settings: () => settingsOf(settings, name) };
    if (name === FEDERATION) return startPlaneControllers(cluster, tokens);
    return startMemberControllers(cluster, tokens);
  });
  return {
    members: Object.fromEntries(names.map((name) => [name, storeOf(name)])),
    federation: storeOf(FEDERATION),
    planes,
    adminToken,
    settings,
    faults,
    clock,
    configure(changes) {
      Object.assign(settings, settingsFrom(changes, settings));
      for (const name of names) resizeNodes(storeOf(name), settingsOf(settings, name));
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** What `createWorld` goes on from. */
export function worldState({ planes, faults, settings, adminToken }: World): WorldState {
  const stores = Object.entries(planes).map(([name, { store }]) => [name, store.state()]);
  return { stores: Object.fromEntries(stores), faults: faults.active(), settings, adminToken };
}
